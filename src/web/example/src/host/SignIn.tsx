import { type FormEvent, type ReactNode } from "react";
import { keepToken } from "./session.js";

/** Asks for a token. It is kept for this tab only. */
export function SignIn({ onDone }: { readonly onDone: () => void }): ReactNode {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    if (typeof token === "string" && token.trim()) {
      keepToken(token.trim());
      onDone();
    }
  };
  return (
    <main className="alone">
      <h1>Sign in</h1>
      <form onSubmit={submit}>
        <label htmlFor="token">Token of the service</label>
        <input id="token" name="token" type="password" autoComplete="off" required autoFocus />
        <button>Sign in</button>
      </form>
    </main>
  );
}
