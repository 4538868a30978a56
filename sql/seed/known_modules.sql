-- The modules that hosts commonly have. May be applied again at any time: what is registered already is left as it is, whatever an
-- administrator changed since.
insert into mgmt_cfg_sys_modules (module_name, display_name, description, module_type, tier, nav_config, dependencies)
values
    ('access', 'Access', 'Sign-in, members and roles', 'core', 1, '{}', '[]'),
    ('mgmt', 'Management', 'Administration of the platform', 'core', 1, '{"route": "/admin", "icon": "settings", "label": "Administration", "adminOnly": true}', '["access"]'),
    ('ai', 'AI', 'Models and providers', 'core', 1, '{}', '["access"]'),
    ('ws', 'Workspaces', 'Workspaces and what is in them', 'core', 1, '{"route": "/workspaces", "icon": "folder", "label": "Workspaces"}', '["access"]'),
    ('kb', 'Knowledge base', 'Documents that answers are found in', 'functional', 2, '{"route": "/docs", "icon": "book", "label": "Docs"}', '["ws", "ai"]'),
    ('chat', 'Chat', 'Conversations with models', 'functional', 2, '{"route": "/chat", "icon": "message", "label": "Chat"}', '["ws", "ai"]'),
    ('eval', 'Evaluations', 'Measures how good answers are', 'functional', 3, '{"route": "/evaluations", "icon": "chart", "label": "Evaluations"}', '["ws", "ai"]'),
    ('voice', 'Voice', 'Calls and transcripts', 'functional', 3, '{"route": "/voice", "icon": "phone", "label": "Voice"}', '["ws", "ai"]'),
    ('agency', 'Agency', 'Client work for agencies', 'functional', 3, '{}', '[]')
on conflict (module_name) do nothing;
