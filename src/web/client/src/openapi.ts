// Generated from docs/openapi.v1.json by "npm run types": change that, not this.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AuditPage: {
            entries: components["schemas"]["AuditRecord"][];
            /** Format: int64 */
            next: null | number;
        };
        AuditRecord: {
            action: string;
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            changePosition?: number;
            code?: string;
            from?: string;
            onBehalfOf?: string;
            operation: string;
            orgId?: string;
            outcome: string;
            /** Format: int64 */
            position: number;
            /** Format: int64 */
            repeats?: number;
            scope: string;
            subject: string;
            target?: string;
            traceId: string;
        };
        AvailabilityAnswer: {
            available: string[];
            /** Format: int64 */
            staleFor?: number;
            version: string;
        };
        BatchAnswer: {
            notFound: string[];
            results: components["schemas"]["BatchItem"][];
        };
        BatchItem: {
            available?: string[];
            modules?: components["schemas"]["EffectiveModuleAnswer"][];
            /** Format: int64 */
            staleFor?: number;
            version: string;
            workspaceId: string;
        };
        BatchRequest: {
            view?: string;
            workspaces: string[];
        };
        BulkEvaluation: {
            eventStreams: components["schemas"]["EventStreamAnswer"][];
            flags: components["schemas"]["FlagEvaluationAnswer"][];
            metadata: components["schemas"]["FlagSetMetadata"];
        };
        BulkEvaluationFailure: {
            errorCode: string;
            errorDetails: string;
            metadata?: components["schemas"]["FailureMetadata"];
        };
        Change: {
            actor: string;
            /** Format: date-time */
            at: string;
            broke?: string[];
            definitions?: components["schemas"]["DefinitionChange"][];
            kind: string;
            members?: components["schemas"]["MemberChange"][];
            overrides?: components["schemas"]["OverrideChange"][];
            /** Format: int64 */
            position: number;
            properties?: components["schemas"]["ScopeProperties"];
            reason?: string;
            /** Format: int64 */
            revision: number;
            scope: string;
            settings?: components["schemas"]["SettingsChange"];
            tokens?: components["schemas"]["TokenChange"][];
            version: string;
        };
        Decision: {
            actor: string;
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            revision: number;
            scope: string;
        };
        Definition: {
            config: components["schemas"]["JsonObject"];
            configMerge: string;
            dependencies: components["schemas"]["Dependency"][];
            description: null | string;
            displayName: string;
            featureFlags: {
                [key: string]: boolean;
            };
            isEnabled: boolean;
            isInstalled: boolean;
            isRemoved?: boolean;
            minCompatibleVersion: null | string;
            name: string;
            navConfig: components["schemas"]["JsonObject"];
            requiredPermissions: string[];
            /** Format: int32 */
            tier: number;
            type: string;
            version: string;
        };
        DefinitionBody: {
            config?: components["schemas"]["JsonObject"];
            configMerge?: string;
            dependencies?: components["schemas"]["DependencyBody"][];
            description?: null | string;
            displayName?: null | string;
            featureFlags?: {
                [key: string]: boolean;
            };
            isEnabled?: boolean;
            isInstalled?: boolean;
            minCompatibleVersion?: null | string;
            name?: string;
            navConfig?: components["schemas"]["JsonObject"];
            requiredPermissions?: string[];
            /** Format: int32 */
            tier?: number;
            type?: string;
            version?: null | string;
        };
        DefinitionChange: {
            after: components["schemas"]["Definition"];
            before?: components["schemas"]["Definition"];
        };
        DefinitionPatch: {
            config?: null | components["schemas"]["JsonObject"];
            configMerge?: null | string;
            dependencies?: null | components["schemas"]["DependencyBody"][];
            description?: null | string;
            displayName?: null | string;
            featureFlags?: null | {
                [key: string]: null | boolean;
            };
            isEnabled?: null | boolean;
            isInstalled?: null | boolean;
            minCompatibleVersion?: null | string;
            name?: null | string;
            navConfig?: null | components["schemas"]["JsonObject"];
            requiredPermissions?: null | string[];
            /** Format: int32 */
            tier?: null | number;
            type?: null | string;
            version?: null | string;
        };
        Dependency: {
            name: string;
            optional: boolean;
            range: string;
        };
        DependencyBody: {
            name: string;
            optional?: boolean;
            range?: null | string;
        };
        EffectiveModuleAnswer: {
            config: components["schemas"]["JsonObject"];
            dependencies: components["schemas"]["Dependency"][];
            description: null | string;
            displayName: string;
            featureFlags: {
                [key: string]: boolean;
            };
            isAvailable: boolean;
            isEnabled: boolean;
            isInstalled: boolean;
            name: string;
            navConfig: components["schemas"]["JsonObject"];
            orgEnabled: null | boolean;
            reasons: components["schemas"]["Reason"][];
            requiredPermissions: string[];
            systemEnabled: boolean;
            /** Format: int32 */
            tier: number;
            type: string;
            version: string;
            wsEnabled: null | boolean;
        };
        EvaluationContextBody: {
            scopeKind?: string;
            targetingKey: string;
        };
        EvaluationFailure: {
            errorCode: string;
            errorDetails: string;
            key: string;
            metadata?: components["schemas"]["FailureMetadata"];
        };
        EvaluationRequest: {
            context: components["schemas"]["EvaluationContextBody"];
        };
        EventStreamAnswer: {
            endpoint: components["schemas"]["StreamEndpoint"];
            /** Format: int32 */
            inactivityDelaySec: number;
            type: string;
        };
        ExplainedAvailable: {
            reasons: components["schemas"]["ExplainedReason"][];
            value: boolean;
        };
        ExplainedEnabled: {
            decidedBy: components["schemas"]["Decision"];
            value: boolean;
        };
        ExplainedReason: {
            because?: components["schemas"]["ExplainedReason"][];
            code: string;
            decidedBy: null | components["schemas"]["Decision"];
            module?: string;
            scope?: string;
        };
        ExplainedScope: {
            config: components["schemas"]["JsonObject"];
            featureFlags: {
                [key: string]: boolean;
            };
            hasOverride: boolean;
            isEnabled: null | boolean;
            lastChange: null | components["schemas"]["Mark"];
            scope: string;
        };
        ExplainedValue: {
            decidedBy: components["schemas"]["Decision"];
            pointer: string;
            value: null | components["schemas"]["JsonNode"];
        };
        ExplanationAnswer: {
            available: components["schemas"]["ExplainedAvailable"];
            config: components["schemas"]["ExplainedValue"][];
            enabled: components["schemas"]["ExplainedEnabled"];
            featureFlags: components["schemas"]["ExplainedValue"][];
            module: string;
            scope: string;
            scopes: components["schemas"]["ExplainedScope"][];
            version: string;
        };
        FailureMetadata: {
            traceId: string;
        };
        FlagEvaluationAnswer: {
            key: string;
            metadata: components["schemas"]["FlagMetadata"];
            reason: string;
            value: components["schemas"]["JsonNode"];
        };
        FlagMetadata: {
            available: boolean;
            blockedBy?: string;
            blockedCode?: string;
            decidedBy: string;
            /** Format: int64 */
            staleFor?: number;
            version?: string;
        };
        FlagSetMetadata: {
            scope: string;
            /** Format: int64 */
            staleFor?: number;
            version: string;
        };
        Grant: {
            role: string;
            scope: string;
        };
        HistoryPage: {
            changes: components["schemas"]["Change"][];
            /** Format: int64 */
            next: null | number;
        };
        JsonNode: unknown;
        JsonObject: {
            [key: string]: unknown;
        };
        LiveAnswer: {
            status: string;
        };
        MapAnswer: {
            modules: components["schemas"]["EffectiveModuleAnswer"][];
            /** Format: int64 */
            staleFor?: number;
            version: string;
        };
        Mark: {
            actor: string;
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            revision: number;
        };
        MemberAnswer: {
            role: string;
            since: components["schemas"]["Mark"];
            subject: string;
        };
        MemberBody: {
            role: string;
            subject?: string;
        };
        MemberChange: {
            after?: string;
            before?: string;
            subject: string;
        };
        MemberPage: {
            members: components["schemas"]["MemberAnswer"][];
            next: null | string;
        };
        ModuleAvailability: {
            enabledModules: string[];
            modules: components["schemas"]["EffectiveModuleAnswer"][];
            version: string;
        };
        ModuleMetricsAnswer: {
            displayName: string;
            endpoint: null | string;
            metrics: components["schemas"]["OverviewMetric"][];
            module: string;
        };
        NavigationAnswer: {
            items: components["schemas"]["JsonObject"][];
            orgId: string;
            version: string;
        };
        NavigationLabels: {
            icon: string;
            labelPlural: string;
            labelSingular: string;
        };
        OrgAnswer: {
            name: null | string;
            orgId: string;
            /** Format: int64 */
            revision: number;
            version: string;
        };
        OrgBody: {
            name?: null | string;
        };
        OrgItem: {
            name: null | string;
            orgId: string;
            /** Format: int64 */
            revision: number;
        };
        OrgPage: {
            next: null | string;
            orgs: components["schemas"]["OrgItem"][];
        };
        Override: {
            configOverrides: components["schemas"]["JsonObject"];
            featureFlagOverrides: {
                [key: string]: boolean;
            };
            isEnabled: null | boolean;
        };
        OverrideBody: {
            configOverrides?: components["schemas"]["JsonObject"];
            featureFlagOverrides?: {
                [key: string]: boolean;
            };
            isEnabled?: null | boolean;
        };
        OverrideChange: {
            after?: components["schemas"]["Override"];
            before?: components["schemas"]["Override"];
            module: string;
        };
        OverridePatch: {
            configOverrides?: null | components["schemas"]["JsonObject"];
            featureFlagOverrides?: null | {
                [key: string]: null | boolean;
            };
            isEnabled?: null | boolean;
        };
        OverviewMetric: {
            icon: null | string;
            label: string;
            name: string;
            unit: null | string;
        };
        OverviewMetricsAnswer: {
            modules: components["schemas"]["ModuleMetricsAnswer"][];
            version: string;
            workspaceId: string;
        };
        PresetBody: {
            description?: null | string;
            /** Format: int32 */
            intervalMinutes: number;
            windows: components["schemas"]["WindowBody"][];
        };
        Problem: {
            code: string;
            /** Format: int64 */
            currentRevision?: number;
            currentVersion?: string;
            dependencies?: string[];
            dependents?: string[];
            detail: string;
            errors?: components["schemas"]["ProblemError"][];
            instance: string;
            missingRole?: string;
            scope?: string;
            /** Format: int32 */
            status: number;
            title: string;
            traceId: string;
            type: string;
        };
        ProblemError: {
            code: string;
            detail: string;
            module?: string;
            pointer: string;
            scope?: string;
        };
        ReadyAnswer: {
            canChange: boolean;
            canRead: boolean;
            problem: null | string;
            status: string;
        };
        Reason: {
            code: string;
            module?: string;
            scope?: string;
        };
        Receipt: {
            actor?: string;
            /** Format: date-time */
            at?: string;
            broke?: string[];
            changed: boolean;
            definition?: components["schemas"]["Definition"];
            kind?: string;
            module?: string;
            override?: null | components["schemas"]["Override"];
            /** Format: int64 */
            position?: number;
            properties?: components["schemas"]["ScopeProperties"];
            reason?: string;
            /** Format: int64 */
            revision: number;
            role?: null | string;
            scope: string;
            secret?: string;
            subject?: string;
            token?: components["schemas"]["TokenAnswer"];
            version: string;
        };
        RecordedSecret: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt?: string;
        };
        RecordedToken: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt?: string;
            id: string;
            name: string;
            role: string;
            secrets: components["schemas"]["RecordedSecret"][];
        };
        RegisteredModule: {
            config: components["schemas"]["JsonObject"];
            configMerge: string;
            dependencies: components["schemas"]["Dependency"][];
            description: null | string;
            displayName: string;
            featureFlags: {
                [key: string]: boolean;
            };
            isAvailable: boolean;
            isEnabled: boolean;
            isInstalled: boolean;
            minCompatibleVersion: null | string;
            name: string;
            navConfig: components["schemas"]["JsonObject"];
            reasons: components["schemas"]["Reason"][];
            registered: components["schemas"]["Mark"];
            requiredPermissions: string[];
            systemEnabled: boolean;
            /** Format: int32 */
            tier: number;
            type: string;
            updated: components["schemas"]["Mark"];
            version: string;
        };
        RegistryAnswer: {
            modules: components["schemas"]["RegisteredModule"][];
            version: string;
        };
        RollUpAnswer: {
            /** Format: date */
            from: string;
            /** Format: int64 */
            sums: number;
            /** Format: date */
            to: string;
        };
        RotateBody: {
            /** Format: int32 */
            overlapSeconds?: number;
        };
        ScheduleAnswer: {
            presets: {
                [key: string]: components["schemas"]["WarmingPreset"];
            };
            schedule: components["schemas"]["WarmingSchedule"];
            version: string;
        };
        ScheduleBody: {
            isEnabled?: boolean;
            preset?: null | string;
            presets?: {
                [key: string]: components["schemas"]["PresetBody"];
            };
            timeZone?: null | string;
        };
        ScopeProperties: {
            hostVersion?: string;
            isDeleted?: boolean;
            name?: string;
            orgId?: string;
        };
        Settings: {
            color?: string;
            enableColorCoding?: boolean;
            enableFavorites?: boolean;
            enableTags?: boolean;
            extra?: components["schemas"]["JsonObject"];
            icon?: string;
            navIcon?: string;
            navLabelPlural?: string;
            navLabelSingular?: string;
            tabOrder?: string[];
        };
        SettingsAnswer: {
            effective: components["schemas"]["Settings"];
            scope: string;
            settings: components["schemas"]["Settings"];
            version: string;
        };
        SettingsBody: {
            color?: null | string;
            enableColorCoding?: null | boolean;
            enableFavorites?: null | boolean;
            enableTags?: null | boolean;
            extra?: null | components["schemas"]["JsonObject"];
            icon?: null | string;
            navIcon?: null | string;
            navLabelPlural?: null | string;
            navLabelSingular?: null | string;
            tabOrder?: null | string[];
        };
        SettingsChange: {
            after: components["schemas"]["JsonObject"];
            before: components["schemas"]["JsonObject"];
        };
        StoredOverride: {
            module: string;
            override: components["schemas"]["Override"];
            updated: components["schemas"]["Mark"];
        };
        StreamEndpoint: {
            requestUri: string;
        };
        TokenAnswer: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: null | string;
            id: string;
            name: string;
            role: string;
            secrets: components["schemas"]["TokenSecretAnswer"][];
        };
        TokenBody: {
            /** Format: date-time */
            expiresAt?: null | string;
            name: string;
            role: string;
        };
        TokenChange: {
            after?: components["schemas"]["RecordedToken"];
            before?: components["schemas"]["RecordedToken"];
            id: string;
        };
        TokenListAnswer: {
            tokens: components["schemas"]["TokenAnswer"][];
        };
        TokenSecretAnswer: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: null | string;
        };
        UsageBody: {
            actor?: null | string;
            details?: components["schemas"]["JsonObject"];
            events?: components["schemas"]["UsageEventBody"][];
            eventType?: null | string;
            module?: string;
            /** Format: date-time */
            occurredAt?: null | string;
            orgId?: null | string;
            /** Format: int64 */
            quantity?: number;
            workspaceId?: null | string;
        };
        UsageEventBody: {
            actor?: null | string;
            details?: components["schemas"]["JsonObject"];
            eventType?: null | string;
            module: string;
            /** Format: date-time */
            occurredAt?: null | string;
            orgId?: null | string;
            /** Format: int64 */
            quantity?: number;
            workspaceId?: null | string;
        };
        UsageItem: {
            /** Format: int64 */
            events: number;
            eventType: string;
            module: string;
            /** Format: int64 */
            peakActors: number;
            /** Format: int64 */
            peakWorkspaces: number;
            /** Format: date */
            period: string;
            /** Format: int64 */
            quantity: number;
        };
        UsagePage: {
            /** Format: date */
            from: string;
            granularity: string;
            next: null | string;
            orgId: string;
            /** Format: date */
            to: string;
            usage: components["schemas"]["UsageItem"][];
        };
        UsageReceipt: {
            /** Format: int32 */
            accepted: number;
            /** Format: int32 */
            dropped: number;
        };
        WarmingPreset: {
            description?: null | string;
            /** Format: int32 */
            intervalMinutes: number;
            windows: components["schemas"]["WarmingWindow"][];
        };
        WarmingSchedule: {
            isEnabled: boolean;
            preset: string;
            presets: {
                [key: string]: components["schemas"]["WarmingPreset"];
            };
            timeZone: string;
        };
        WarmingWindow: {
            days: string[];
            from: string;
            to: string;
        };
        WhoAmIAnswer: {
            /** Format: date-time */
            expiresAt: null | string;
            grants: components["schemas"]["Grant"][];
            kind: string;
            name: null | string;
            roles: string[];
            scope: string;
            subject: string;
        };
        WindowBody: {
            days: string[];
            from: string;
            to: string;
        };
        WorkspaceAnswer: {
            name: null | string;
            orgId: string;
            /** Format: int64 */
            revision: number;
            version: string;
            workspaceId: string;
        };
        WorkspaceBody: {
            name?: null | string;
            orgId?: null | string;
        };
        WorkspaceContextAnswer: {
            extra: components["schemas"]["JsonObject"];
            features: components["schemas"]["WorkspaceFeatures"];
            moduleAvailability: components["schemas"]["ModuleAvailability"];
            navigation: components["schemas"]["NavigationLabels"];
            orgId: string;
            tabOrder: string[];
            userRole: null | string;
            workspace: components["schemas"]["WorkspaceInfo"];
            workspaceId: string;
        };
        WorkspaceFeatures: {
            colorCodingEnabled: boolean;
            favoritesEnabled: boolean;
            tagsEnabled: boolean;
        };
        WorkspaceInfo: {
            color: null | string;
            icon: null | string;
            id: string;
            name: null | string;
        };
        WorkspaceItem: {
            name: null | string;
            orgId: string;
            /** Format: int64 */
            revision: number;
            workspaceId: string;
        };
        WorkspacePage: {
            next: null | string;
            workspaces: components["schemas"]["WorkspaceItem"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
