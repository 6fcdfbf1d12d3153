import { StrictMode, useEffect, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import "./app.css";
import { ConnectDialog } from "./connect.tsx";
import { Hosts } from "./hosts.tsx";
import type { Connection } from "./model.ts";
import { showAddress, watchHistory } from "./routes.ts";
import { Locked, SignIn } from "./signin.tsx";
import { store } from "./store.ts";
import { Stream } from "./stream.tsx";
import { Boundary, Spinner } from "./ui.tsx";

/**
 * Address, title and Back follow what is shown; leaving by mistake is asked about. Undefined: nothing is known yet, and a page that is
 * loaded again stays where it was.
 */
function usePlace(watching: Connection | null | undefined): void {
  const host = watching === undefined ? undefined : (watching?.host_id ?? null);
  useEffect(() => watchHistory(() => void store.post("/api/disconnect")), []);
  useEffect(() => {
    if (watching === undefined) return;
    showAddress(watching);
    document.title = watching === null ? "nvremote" : `${watching.host_name} – nvremote`;
    if (watching === null) return;
    const stay = (e: BeforeUnloadEvent) => e.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
    // The address hangs on the host alone, not on each new state of the connection.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [host]);
}

function App() {
  const { entry, state, figures } = useSyncExternalStore(store.subscribe, store.current);
  const connection = state?.connection ?? null;
  const streams = connection?.phase === "streaming" || connection?.phase === "interrupted";
  const watching = state?.signed_in && streams ? connection : null;
  usePlace(entry === "locked" ? null : state === null ? undefined : watching);
  if (entry === "locked") return <Locked />;
  if (state === null) {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <p role="status" className="flex items-center gap-2">
          <Spinner />
          {entry === "lost" ? "The nvremote client on this machine does not answer; trying again…" : "Opening…"}
        </p>
      </main>
    );
  }
  if (watching !== null) {
    return <Stream connection={watching} figures={figures} gone={entry === "lost"} />;
  }
  const over = connection?.phase === "failed" || connection?.phase === "ended";
  return (
    <>
      {state.signed_in ? <Hosts state={state} /> : <SignIn state={state} />}
      {state.signed_in && connection !== null && over && <ConnectDialog connection={connection} state={state} />}
      {entry === "lost" && (
        <p
          role="alert"
          className="fixed bottom-4 left-1/2 w-max max-w-[calc(100vw-2rem)] -translate-x-1/2 rounded-xl border border-bad bg-panel px-4 py-3"
        >
          The nvremote client on this machine does not answer; trying again…
        </p>
      )}
    </>
  );
}

// A page that the browser kept for Back knows nothing of what happened since.
window.addEventListener("pageshow", (e) => e.persisted && location.reload());
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Boundary>
      <App />
    </Boundary>
  </StrictMode>,
);
void store.start();
