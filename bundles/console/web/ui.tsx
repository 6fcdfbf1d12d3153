/** Small parts that the pages share. */
import type { ButtonHTMLAttributes, ReactNode } from "react";
import type { Failure, HostState } from "./model.ts";

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
      className={`inline-flex min-h-10 items-center justify-center gap-2 rounded-lg border px-4 text-sm font-semibold cursor-pointer disabled:cursor-not-allowed disabled:border-line disabled:bg-panel-high disabled:text-ink-soft ${looks} ${className}`}
      {...rest}
    />
  );
}

/** What happened and what to do, with the code for whoever helps. */
export function FailureBox({ failure, children }: { failure: Failure; children?: ReactNode }) {
  return (
    <div role="alert" className="rounded-xl border border-bad bg-panel p-4 text-sm">
      <p className="font-semibold text-bad">{failure.message}</p>
      <p className="mt-1 text-ink">{failure.advice}</p>
      <p className="mt-2 font-mono text-xs text-ink-soft">{failure.code}</p>
      {children}
    </div>
  );
}

const STATUS: Record<HostState, { word: string; colour: string }> = {
  ONLINE: { word: "Online", colour: "text-good" },
  BUSY: { word: "In use", colour: "text-busy" },
  OFFLINE: { word: "Offline", colour: "text-ink-soft" },
  UNKNOWN: { word: "Unknown", colour: "text-ink-soft" },
};

/** A host's state as a shape, a colour and a word: never by colour alone. */
export function Status({ status }: { status: HostState }) {
  const { word, colour } = STATUS[status];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-medium ${colour}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {status === "BUSY" ? (
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
