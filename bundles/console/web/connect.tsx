import { useEffect, useRef } from "react";
import { millis } from "./format.ts";
import type { Connection, Step } from "./model.ts";
import { store } from "./store.ts";
import { Button, FailureBox, Spinner } from "./ui.tsx";

const WORDS: Record<Step["name"], { title: string; what: string }> = {
  keys: { title: "Keys", what: "A key pair for this session alone" },
  session: { title: "Session", what: "The control plane asks the host" },
  tunnel: { title: "Tunnel", what: "End-to-end encrypted, through the relay first" },
  stream: { title: "Stream", what: "The first picture" },
};

function StepRow({ step }: { step: Step }) {
  const { title, what } = WORDS[step.name];
  const word = { waiting: "waiting", running: "running", done: "done", failed: "failed" }[step.state];
  return (
    <li className="flex items-center gap-3 py-2.5" data-step={step.name} data-state={step.state}>
      <span
        className={`grid size-8 shrink-0 place-items-center rounded-full border-2 text-sm font-bold ${
          step.state === "done"
            ? "border-good text-good"
            : step.state === "failed"
              ? "border-bad text-bad"
              : step.state === "running"
                ? "border-accent text-accent"
                : "border-control-line text-ink-soft"
        }`}
        aria-hidden="true"
      >
        {step.state === "done" ? "✓" : step.state === "failed" ? "!" : step.state === "running" ? <Spinner /> : ""}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-semibold">{title}</span>
        <span className="block text-sm text-ink-soft">{what}</span>
      </span>
      <span className="figures text-sm text-ink-soft">
        {step.state === "done" ? millis(step.millis) : word}
        {step.state === "done" && <span className="sr-only"> done</span>}
      </span>
    </li>
  );
}

/** The way to a picture, step by step; or what went wrong and what to do. */
export function ConnectDialog({ connection }: { connection: Connection }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const leave = () => void store.post("/api/disconnect");
  const failed = connection.phase === "failed" || connection.phase === "ended";
  return (
    <dialog
      ref={dialog}
      aria-labelledby="connect-title"
      onCancel={(e) => {
        e.preventDefault();
        leave();
      }}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-panel p-6 text-ink shadow-2xl"
    >
      <h2 id="connect-title" className="text-xl font-bold">
        {connection.phase === "ended" ? "Session ended" : failed ? "Could not connect" : "Connecting"}
        <span className="block truncate text-base font-medium text-ink-soft">{connection.host_name}</span>
      </h2>
      {connection.phase === "ended" && connection.error === null ? (
        <p className="mt-4 text-sm">{connection.reason ?? "The session is over."}</p>
      ) : (
        <ol className="mt-4 divide-y divide-line" aria-live="polite">
          {connection.steps.map((step) => (
            <StepRow key={step.name} step={step} />
          ))}
        </ol>
      )}
      {connection.error !== null && (
        <div className="mt-4">
          <FailureBox failure={connection.error} />
        </div>
      )}
      <div className="mt-6 flex justify-end gap-3">
        {failed && (
          <Button kind="primary" onClick={() => void store.post("/api/connect", { host_id: connection.host_id })}>
            Try again
          </Button>
        )}
        <Button onClick={leave}>{failed ? "Close" : "Cancel"}</Button>
      </div>
    </dialog>
  );
}
