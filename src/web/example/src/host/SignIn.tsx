import { type FormEvent, type ReactNode, useState } from "react";
import { signIn } from "./session.js";

/** Asks for a token. It is kept for this tab only. */
export function SignIn({ why = null, onDone }: { readonly why?: string | null; readonly onDone?: () => void }): ReactNode {
  const [refusal, setRefusal] = useState(why);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    if (typeof token === "string" && token.trim()) {
      setRefusal(null);
      const refused = await signIn(token.trim());
      setRefusal(refused);
      if (refused === null) {
        onDone?.();
      }
    }
  };
  return (
    <main className="alone">
      <h1>Sign in</h1>
      <form onSubmit={(event) => void submit(event)}>
        <label htmlFor="token">Token of the service</label>
        <input id="token" name="token" type="password" autoComplete="off" required autoFocus aria-describedby="refusal" />
        <p id="refusal" role="alert" className="refusal">{refusal}</p>
        <button>Sign in</button>
      </form>
    </main>
  );
}
