import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { enrolCommand, goodFor } from "./enrolment.ts";
import type { Failure, Membership } from "./model.ts";
import { store } from "./store.ts";
import { Button, CopyButton, FailureBox, Spinner } from "./ui.tsx";

/** A token lives in this page's memory alone, and there no longer than it is good for or this part is shown. */
interface Issued {
  token: string;
  expires_at: string;
  /** In words, as of when it came. */
  good: string;
}

const CODE = "block rounded-lg bg-panel-high px-3 py-2 font-mono text-sm whitespace-pre-wrap text-ink select-all";

function Steps({ issued, orgId }: { issued: Issued; orgId: string }) {
  return (
    <ol className="grid list-inside list-decimal grid-cols-1 gap-5">
      <li>
        Copy the token. It is shown this once, and makes one machine a host, once. Good for {issued.good}.
        <code className={`my-2 ${CODE}`}>{issued.token}</code>
        <CopyButton text={issued.token} label="Copy token" />
      </li>
      <li>
        Run this on the machine; it asks for the token.
        <pre className={`my-2 ${CODE}`}>{enrolCommand(orgId)}</pre>
        <CopyButton text={enrolCommand(orgId)} label="Copy command" />
      </li>
      <li>
        <span className="inline-flex items-center gap-2">
          Wait: the host appears here by itself. <Spinner />
        </span>
      </li>
    </ol>
  );
}

function AddHost({ membership }: { membership: Membership }) {
  const [issued, setIssued] = useState<Issued | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [asking, setAsking] = useState(false);
  const [expired, setExpired] = useState(false);

  useEffect(() => {
    if (issued === null) return;
    const timer = setTimeout(
      () => {
        setIssued(null);
        setExpired(true);
      },
      Math.max(0, Date.parse(issued.expires_at) - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [issued]);

  async function ask() {
    if (asking) return;
    setAsking(true);
    const { value, failure: refused } = await store.post<{ token: string; expires_at: string }>(
      "/api/bootstrap-token",
      { org_id: membership.org_id },
    );
    setAsking(false);
    setExpired(false);
    setFailure(refused);
    if (value !== null) setIssued({ ...value, good: goodFor(value.expires_at, Date.now()) });
  }

  return (
    <>
      <p className="text-sm text-ink-soft">
        Install the host agent on a machine first, as <span className="font-mono">deploy/systemd/README.md</span> says, with
        the addresses of this control plane in its configuration. Then a token makes it a host.
      </p>
      {/* Never disabled, so that the keyboard stays on it. */}
      <Button kind={issued === null ? "primary" : "plain"} className="w-fit" aria-disabled={asking} onClick={() => void ask()}>
        {asking ? (
          <>
            <Spinner /> Asking…
          </>
        ) : issued === null ? (
          "Make a token"
        ) : (
          "Make another token"
        )}
      </Button>
      <p role="status" className={expired ? "text-sm" : "sr-only"}>
        {expired ? "The token has expired. Make another." : issued !== null ? `Token made, good for ${issued.good}.` : ""}
      </p>
      {failure !== null && <FailureBox failure={failure} host={membership.org_name} />}
      {issued !== null && <Steps issued={issued} orgId={membership.org_id} />}
    </>
  );
}

/**
 * An organisation without a host: who may is given what makes a machine one, others are told whom to ask.
 *
 * @param onGone takes the keyboard when it was in here and a host came
 */
export function NoHost({ membership, onGone }: { membership: Membership; onGone(): void }) {
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const shown = section.current;
    return () => {
      if (shown?.contains(document.activeElement)) onGone();
    };
    // Asked only when this goes; another function for it changes nothing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const name = membership.org_name;
  return (
    <section
      ref={section}
      aria-label={name}
      className="grid grid-cols-1 gap-4 rounded-2xl border border-dashed border-control-line p-5 sm:p-10"
    >
      <h2 className="font-semibold">{name} has no host yet</h2>
      {membership.admin ? (
        <AddHost membership={membership} />
      ) : (
        <p className="text-sm text-ink-soft">Ask an administrator of {name} to add one. It appears here by itself.</p>
      )}
    </section>
  );
}
