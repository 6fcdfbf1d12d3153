import { useEffect, useMemo, useRef, useState } from "react";
import { Opening } from "./connect.tsx";
import { NoHost } from "./enrol.tsx";
import { withoutHost } from "./enrolment.ts";
import { ago, memory } from "./format.ts";
import type { Connection, Failure, Host, State } from "./model.ts";
import { store } from "./store.ts";
import { Button, FailureBox, Mark, Spinner, Status } from "./ui.tsx";

function Meter({ name, share, text }: { name: string; share: number | null; text: string }) {
  return (
    <div className="grid gap-1">
      <div className="flex justify-between text-xs">
        <span className="text-ink-soft">{name}</span>
        <span className="figures">{text}</span>
      </div>
      {share !== null && <progress className="bar" aria-label={name} max={100} value={Math.round(share)} />}
    </div>
  );
}

function HostCard({
  host,
  opening,
  busy,
  onConnect,
}: {
  host: Host;
  opening: Connection | null;
  busy: boolean;
  onConnect(): void;
}) {
  const memoryShare =
    host.memory_used_mb !== null && host.memory_total_mb ? (host.memory_used_mb / host.memory_total_mb) * 100 : null;
  const off = host.status === "OFFLINE";
  const closed = off || host.status === "MAINTENANCE";
  return (
    <li className="flex min-w-0 flex-col gap-5 rounded-2xl border border-line bg-panel p-5 shadow-sm">
      <div className="grid grid-cols-1 gap-3">
        <div className="flex items-start justify-between gap-3">
          <div className="min-w-0">
            <h2 className="truncate text-lg font-semibold" title={host.name}>
              {host.name}
            </h2>
            <p className="truncate text-sm text-ink-soft" title={host.org}>
              {host.org}
            </p>
          </div>
          <Status status={host.status} />
        </div>
        <p className="flex flex-wrap gap-1.5 text-xs">
          {[host.gpu_name ?? "No GPU reported", host.os].filter((t) => t !== null).map((t) => (
            <span key={t} className="max-w-full truncate rounded-md bg-panel-high px-2 py-1" title={t}>
              {t}
            </span>
          ))}
        </p>
      </div>
      {off ? (
        <p className="text-sm text-ink-soft">Last seen {ago(host.last_seen, Date.now())}</p>
      ) : (
        <div className="grid gap-3">
          {host.gpu_usage !== null && (
            <Meter name="GPU" share={host.gpu_usage} text={`${Math.round(host.gpu_usage)} %`} />
          )}
          <Meter
            name="CPU"
            share={host.cpu_usage}
            text={host.cpu_usage === null ? "not reported" : `${Math.round(host.cpu_usage)} %`}
          />
          <Meter
            name="Memory"
            share={memoryShare}
            text={
              host.memory_used_mb !== null && host.memory_total_mb !== null
                ? `${memory(host.memory_used_mb)} of ${memory(host.memory_total_mb)}`
                : "not reported"
            }
          />
        </div>
      )}
      {opening !== null ? (
        <Opening connection={opening} />
      ) : (
        <Button
          className="mt-auto"
          kind={host.status === "ONLINE" ? "primary" : "plain"}
          disabled={closed || busy}
          onClick={onConnect}
          data-host={host.id}
          aria-label={`Connect to ${host.name}`}
        >
          {off ? "Not reachable" : closed ? "In maintenance" : "Connect"}
        </Button>
      )}
    </li>
  );
}

function Empty({ title, text }: { title: string; text: string }) {
  return (
    <div className="rounded-2xl border border-dashed border-control-line p-10 text-center">
      <p className="font-semibold">{title}</p>
      <p className="mt-1 text-sm text-ink-soft">{text}</p>
    </div>
  );
}

/** Where a stream notes the host that was left. */
export const LEFT = "nvremote.left";

export function Hosts({ state }: { state: State }) {
  const [query, setQuery] = useState("");
  const [failure, setFailure] = useState<{ failure: Failure; host: string } | null>(null);
  const [waitsFor, setWaitsFor] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return state.hosts.filter((h) => {
      const text = `${h.name} ${h.org} ${h.gpu_name ?? ""} ${h.os ?? ""} ${h.status}`.toLowerCase();
      return words.every((w) => text.includes(w));
    });
  }, [state.hosts, query]);
  const bare = useMemo(() => withoutHost(state), [state]);
  const online = state.hosts.filter((h) => h.status !== "OFFLINE").length;

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const writes = e.target instanceof HTMLElement && e.target.matches("input, textarea, select");
      if (e.key === "/" && !writes && document.querySelector("dialog[open]") === null) {
        e.preventDefault();
        search.current?.focus();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  // Who comes back from a stream finds the keyboard on the host that it was.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const left = sessionStorage.getItem(LEFT);
    sessionStorage.removeItem(LEFT);
    if (left === null || document.querySelector("dialog[open]") !== null) return;
    const button = document.querySelector<HTMLElement>(`[data-host="${CSS.escape(left)}"]:not(:disabled)`);
    (button ?? heading.current)?.focus();
  }, []);

  const waited = state.hosts.find((h) => h.id === waitsFor);
  const free = waited?.status === "ONLINE";

  // A second press before the first one shows is not a second wish.
  const asked = useRef(false);
  useEffect(() => {
    asked.current = false;
  }, [state.connection?.phase]);

  async function connect(host: Host) {
    if (asked.current) return;
    asked.current = true;
    const { failure: refused } = await store.post("/api/connect", { host_id: host.id });
    if (refused !== null) asked.current = false;
    setFailure(refused === null ? null : { failure: refused, host: host.name });
  }

  const refusal = state.connection?.error ?? null;
  const busyHost = refusal?.code === "SESSION_HOST_BUSY" ? (state.connection?.host_id ?? null) : null;
  useEffect(() => {
    if (busyHost !== null) setWaitsFor(busyHost);
  }, [busyHost]);

  return (
    <div className="mx-auto grid max-w-6xl grid-cols-1 gap-8 px-5 py-6 sm:px-8">
      <header className="flex flex-wrap items-center justify-between gap-4">
        <div className="flex items-center gap-3">
          <Mark />
          <span className="text-lg font-bold tracking-tight">nvremote</span>
        </div>
        <div className="flex min-w-0 items-center gap-4 text-sm">
          {state.user !== null && (
            <span className="min-w-0 truncate text-ink-soft" title={state.user.email}>
              {state.user.email || state.user.name}
            </span>
          )}
          <Button onClick={() => void store.post("/api/sign-out")}>Sign out</Button>
        </div>
      </header>
      <main className="grid grid-cols-1 gap-6">
        <div className="flex flex-wrap items-end justify-between gap-4">
          <div>
            <h1 ref={heading} tabIndex={-1} className="text-2xl font-bold tracking-tight outline-none">
              Hosts
            </h1>
            <p role="status" className="mt-1 text-sm text-ink-soft">
              {state.link === "up"
                ? `${online} of ${state.hosts.length} reachable · live`
                : "Reconnecting to the control plane; figures may be old"}
            </p>
          </div>
          <label className="grid gap-1 text-sm">
            <span className="text-ink-soft">
              Search <kbd className="rounded border border-control-line px-1.5 font-mono text-xs">/</kbd>
            </span>
            <input
              ref={search}
              type="search"
              value={query}
              onChange={(e) => setQuery(e.target.value)}
              placeholder="Name, GPU, organisation"
              className="min-h-10 w-64 rounded-lg border border-control-line bg-panel px-3 placeholder:text-ink-soft"
            />
          </label>
        </div>
        {failure !== null && <FailureBox failure={failure.failure} host={failure.host} />}
        {free && waited !== undefined && state.connection === null && (
          <p role="status" className="flex flex-wrap items-center gap-4 rounded-xl border border-good bg-panel px-4 py-3">
            <span className="min-w-0 flex-1">{waited.name} is free now.</span>
            <Button
              kind="primary"
              onClick={() => {
                setWaitsFor(null);
                void connect(waited);
              }}
            >
              Open it
            </Button>
            <Button onClick={() => setWaitsFor(null)}>Dismiss</Button>
          </p>
        )}
        {!state.hosts_loaded ? (
          <p role="status" className="flex items-center gap-2 text-ink-soft">
            <Spinner /> Reading your hosts…
          </p>
        ) : state.hosts.length === 0 ? (
          bare.length === 0 &&
          (state.user === null ? (
            <Empty title="No host yet" text="What your organisations are is not known yet. Hosts appear here by themselves." />
          ) : (
            <Empty
              title="No organisation yet"
              text="Ask an administrator of yours to make you a member. Its hosts appear here by themselves."
            />
          ))
        ) : shown.length === 0 ? (
          <Empty title="Nothing matches" text="Try fewer words." />
        ) : (
          <ul className="grid grid-cols-1 gap-5 sm:grid-cols-2 lg:grid-cols-3">
            {shown.map((host) => (
              <HostCard
                key={host.id}
                host={host}
                opening={
                  state.connection?.phase === "connecting" && state.connection.host_id === host.id
                    ? state.connection
                    : null
                }
                busy={state.connection?.phase === "connecting"}
                onConnect={() => void connect(host)}
              />
            ))}
          </ul>
        )}
        {state.hosts_loaded &&
          bare.map((m) => <NoHost key={m.org_id} membership={m} onGone={() => heading.current?.focus()} />)}
      </main>
    </div>
  );
}
