/** Small parts that the pages share. */
import { Component, useState, type ButtonHTMLAttributes, type ReactNode } from "react";
import type { Failure, HostState } from "./model.ts";
import { failureWords } from "./words.ts";

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M4 10a4 4 0 0 1 4-4h12a4 4 0 0 1 4 4v2"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path
        d="M28 22a4 4 0 0 1-4 4H12a4 4 0 0 1-4-4v-2"
        fill="none"
        stroke="var(--busy)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path d="M12.500 11.500l9 4.500-9 4.500z" fill="var(--ink)" />
    </svg>
  );
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: "primary" | "plain" | "danger" };

export function Button({ kind = "plain", className = "", ...rest }: ButtonProps) {
  const looks = {
    primary: "bg-accent text-on-accent border-transparent hover:brightness-110",
    plain: "bg-transparent text-ink border-control-line hover:bg-panel-high",
    danger: "bg-transparent text-bad border-bad hover:bg-panel-high",
  }[kind];
  return (
    <button
      type="button"
      className={`inline-flex min-h-10 shrink-0 items-center justify-center gap-2 rounded-lg border px-4 text-sm font-semibold whitespace-nowrap cursor-pointer disabled:cursor-not-allowed disabled:border-line disabled:bg-panel-high disabled:text-ink-soft ${looks} ${className}`}
      {...rest}
    />
  );
}

/** Copies a text, and says whether it did. */
export function CopyButton({ text, label = "Copy", className = "" }: { text: string; label?: string; className?: string }) {
  const [copied, setCopied] = useState<{ text: string; done: boolean } | null>(null);
  const said = copied?.text !== text ? "" : copied.done ? "Copied" : "Select it and copy it yourself";
  return (
    <span className="inline-flex flex-wrap items-center gap-3">
      <Button
        className={className}
        onClick={() =>
          void navigator.clipboard.writeText(text).then(
            () => setCopied({ text, done: true }),
            () => setCopied({ text, done: false }),
          )
        }
      >
        {label}
      </Button>
      <span role="status">{said}</span>
    </span>
  );
}

/** Details for whoever helps: folded, to copy. */
export function Folded({ text, label = "Details" }: { text: string; label?: string }) {
  return (
    <details className="mt-3 text-xs text-ink-soft">
      <summary className="w-fit cursor-pointer py-1">{label}</summary>
      <pre className="mt-1 max-h-40 overflow-auto rounded-lg bg-panel-high p-2 font-mono whitespace-pre-wrap">{text}</pre>
      <CopyButton text={text} className="mt-2 min-h-8 px-3 text-xs" />
    </details>
  );
}

/** What happened and what to do, in the page's words; the code and the sentence of the log are folded away. */
export function FailureBox({
  failure,
  host,
  titled = true,
  children,
}: {
  failure: Failure;
  host?: string;
  /** False where a heading above says it already. */
  titled?: boolean;
  children?: ReactNode;
}) {
  const words = failureWords(failure, host);
  return (
    <div role="alert" className="rounded-xl border border-bad bg-panel p-4 text-sm">
      {titled && <p className="mb-1 font-semibold text-bad">{words.title}</p>}
      <p className="text-ink">{words.text}</p>
      {children !== undefined && <div className="mt-3 flex flex-wrap gap-3">{children}</div>}
      <Folded text={`${failure.code}\n${failure.message}\n${failure.advice}`} />
    </div>
  );
}

/** Keeps a fault of one part from taking the whole page away. */
export class Boundary extends Component<{ children: ReactNode }, { fault: Error | null }> {
  override state: { fault: Error | null } = { fault: null };

  static getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override render() {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <main className="mx-auto grid min-h-dvh max-w-md content-center gap-5 px-6" role="alert">
        <Mark size={44} />
        <h1 className="text-2xl font-bold">This page has a fault</h1>
        <p className="text-ink-soft">Your session, if there is one, still runs. Load the page again to get back to it.</p>
        <Button kind="primary" onClick={() => location.reload()}>
          Load again
        </Button>
        <Folded text={`${fault.message}\n${fault.stack ?? ""}`} />
      </main>
    );
  }
}

const STATUS: Record<HostState, { word: string; colour: string }> = {
  ONLINE: { word: "Online", colour: "text-good" },
  BUSY: { word: "In use", colour: "text-busy" },
  OFFLINE: { word: "Offline", colour: "text-ink-soft" },
  MAINTENANCE: { word: "Maintenance", colour: "text-busy" },
  UNKNOWN: { word: "Unknown", colour: "text-ink-soft" },
};

/** A host's state as a shape, a colour and a word: never by colour alone. */
export function Status({ status }: { status: HostState }) {
  const { word, colour } = STATUS[status] ?? STATUS.UNKNOWN; // a newer server may say more
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-medium whitespace-nowrap ${colour}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {status === "BUSY" || status === "MAINTENANCE" ? (
          <rect x="1" y="1" width="8" height="8" rx="1.500" fill="currentColor" />
        ) : (
          <circle
            cx="5"
            cy="5"
            r="3.800"
            fill={status === "ONLINE" ? "currentColor" : "none"}
            stroke="currentColor"
            strokeWidth="1.600"
          />
        )}
      </svg>
      {word}
    </span>
  );
}

export function Spinner() {
  return (
    <svg className="spin" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity="0.25" strokeWidth="2.400" />
      <path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="currentColor" strokeWidth="2.400" strokeLinecap="round" />
    </svg>
  );
}
