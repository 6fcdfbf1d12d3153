import { useState } from "react";
import type { Failure, State } from "./model.ts";
import { store } from "./store.ts";
import { Button, FailureBox, Mark, Spinner } from "./ui.tsx";

export function SignIn({ state }: { state: State }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [going, setGoing] = useState(false);
  const shown = failure ?? state.sign_in.error;

  async function signIn() {
    setGoing(true);
    const { value, failure: refused } = await store.post<{ url: string }>("/api/sign-in");
    setFailure(refused);
    if (value === null) setGoing(false);
    else location.assign(value.url);
  }

  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-8 px-6 py-12">
      <div className="grid gap-4">
        <Mark size={52} />
        <h1 className="text-3xl font-bold tracking-tight">Your GPU machines, from here.</h1>
        <p className="text-ink-soft">
          Sign in with your organisation. The picture travels end to end encrypted between this machine and the host;
          keys are made for each session and never leave memory.
        </p>
      </div>
      {shown !== null && <FailureBox failure={shown} />}
      <Button kind="primary" className="min-h-12 text-base" onClick={() => void signIn()} disabled={going}>
        {going ? (
          <>
            <Spinner /> Opening the sign-in page…
          </>
        ) : (
          "Sign in"
        )}
      </Button>
      <p className="text-sm text-ink-soft">
        Control plane <span className="font-mono text-ink">{state.server}</span>
      </p>
    </main>
  );
}

export function Locked() {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-5 px-6">
      <Mark size={44} />
      <h1 className="text-2xl font-bold">This page is locked</h1>
      <p className="text-ink-soft">
        The address works once, for one browser. Use the newest address that the client printed; it prints a fresh one
        each time an address is used.
      </p>
    </main>
  );
}
