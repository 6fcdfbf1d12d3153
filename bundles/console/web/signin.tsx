import { useEffect, useState } from "react";
import type { Failure, State } from "./model.ts";
import { leaveToSignIn } from "./routes.ts";
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
    else leaveToSignIn(value.url);
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
        Control plane <span className="font-mono break-all text-ink">{state.server}</span>
      </p>
    </main>
  );
}

export function Locked() {
  const [file, setFile] = useState<string | null>(null);
  useEffect(() => {
    void fetch("/api/door")
      .then((answer) => answer.json() as Promise<{ file: string | null }>)
      .then((door) => setFile(door.file), () => setFile(null));
  }, []);
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-5 px-6">
      <Mark size={44} />
      <h1 className="text-2xl font-bold">This page is locked</h1>
      <p className="text-ink-soft">
        An address opens one browser, once; then a new one is made. The address you used was used before, or the client
        was started again since.
      </p>
      {file !== null && (
        <div className="grid gap-2 text-ink-soft">
          <p>The address that works now is in this file, which only you can read:</p>
          <code className="rounded-lg bg-panel-high px-3 py-2 font-mono text-sm text-ink select-all">{file}</code>
        </div>
      )}
    </main>
  );
}
