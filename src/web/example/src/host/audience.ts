/** What the person may do, which a real host knows from its own sign-in. Whether they are an administrator the service knows by their role. */
export const audience = { permissions: ["access:read", "ai:read", "chat:use", "eval:read", "kb:read", "mgmt:read", "voice:use", "ws:read"] };
