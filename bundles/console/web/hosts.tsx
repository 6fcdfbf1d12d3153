import { useEffect, useMemo, useRef, useState } from "react";
import { ago, memory } from "./format.ts";
import type { Failure, Host, State } from "./model.ts";
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

function HostCard({ host, busy, onConnect }: { host: Host; busy: boolean; onConnect(): void }) {
  const memoryShare =
    host.memory_used_mb !== null && host.memory_total_mb ? (host.memory_used_mb / host.memory_total_mb) * 100 : null;
  const off = host.status === "OFFLINE";
  return (
    <li className="grid content-between gap-5 rounded-2xl border border-line bg-panel p-5 shadow-sm">
      <div className="grid gap-3">
        <div className="flex items-start justify-between gap-3">
          <div className="min-w-0">
            <h2 className="truncate text-lg font-semibold">{host.name}</h2>
            <p className="truncate text-sm text-ink-soft">{host.org}</p>
          </div>
          <Status status={host.status} />
        </div>
        <p className="flex flex-wrap gap-1.5 text-xs">
          {[host.gpu_name ?? "No GPU reported", host.os].filter((t) => t !== null).map((t) => (
            <span key={t} className="rounded-md bg-panel-high px-2 py-1">
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
      <Button
        kind={host.status === "ONLINE" ? "primary" : "plain"}
        disabled={off || busy}
        onClick={onConnect}
        aria-label={`Connect to ${host.name}`}
      >
        {off ? "Not reachable" : "Connect"}
      </Button>
    </li>
  );
}

export function Hosts({ state }: { state: State }) {
  const [query, setQuery] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return state.hosts.filter((h) => {
      const text = `${h.name} ${h.org} ${h.gpu_name ?? ""} ${h.os ?? ""} ${h.status}`.toLowerCase();
      return words.every((w) => text.includes(w));
    });
  }, [state.hosts, query]);
  const online = state.hosts.filter((h) => h.status !== "OFFLINE").length;

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.key === "/" && document.activeElement === document.body) {
        e.preventDefault();
        search.current?.focus();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  async function connect(host: Host) {
    const { failure: refused } = await store.post("/api/connect", { host_id: host.id });
    setFailure(refused);
  }

  return (
    <div className="mx-auto grid max-w-6xl gap-8 px-5 py-6 sm:px-8">
      <header className="flex flex-wrap items-center justify-between gap-4">
        <div className="flex items-center gap-3">
          <Mark />
          <span className="text-lg font-bold tracking-tight">nvremote</span>
        </div>
        <div className="flex items-center gap-4 text-sm">
          {state.user !== null && <span className="text-ink-soft">{state.user.email || state.user.name}</span>}
          <Button onClick={() => void store.post("/api/sign-out")}>Sign out</Button>
        </div>
      </header>
      <main className="grid gap-6">
        <div className="flex flex-wrap items-end justify-between gap-4">
          <div>
            <h1 className="text-2xl font-bold tracking-tight">Hosts</h1>
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
        {failure !== null && <FailureBox failure={failure} />}
        {!state.hosts_loaded ? (
          <p role="status" className="flex items-center gap-2 text-ink-soft">
            <Spinner /> Reading your hosts…
          </p>
        ) : shown.length === 0 ? (
          <div className="rounded-2xl border border-dashed border-control-line p-10 text-center">
            <p className="font-semibold">{state.hosts.length === 0 ? "No host yet" : "Nothing matches"}</p>
            <p className="mt-1 text-sm text-ink-soft">
              {state.hosts.length === 0
                ? "An administrator makes an enrolment token; the host agent that uses it appears here."
                : "Try fewer words."}
            </p>
          </div>
        ) : (
          <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
            {shown.map((host) => (
              <HostCard
                key={host.id}
                host={host}
                busy={state.connection?.phase === "connecting"}
                onConnect={() => void connect(host)}
              />
            ))}
          </ul>
        )}
      </main>
    </div>
  );
}
