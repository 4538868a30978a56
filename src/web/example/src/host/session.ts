import { ask, client, tokenKey, whyOf } from "./service.js";
import { forgetWorkspaces } from "./workspaces.js";

/** Signs in with a token, if the service knows it; else answers why not. */
export async function signIn(token: string): Promise<string | null> {
  try {
    await ask("whoami", token);
  } catch (thrown) {
    return whyOf(thrown);
  }

  sessionStorage.setItem(tokenKey, token);
  forget();
  return null;
}

/** Lets go of the token. */
export function signOut(): void {
  sessionStorage.removeItem(tokenKey);
  forget();
}

// Who comes next sees nothing of what another was shown.
function forget(): void {
  client.forget();
  forgetWorkspaces();
}
