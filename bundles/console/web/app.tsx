import { StrictMode, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import "./app.css";
import { ConnectDialog } from "./connect.tsx";
import { Hosts } from "./hosts.tsx";
import { Locked, SignIn } from "./signin.tsx";
import { store } from "./store.ts";
import { Stream } from "./stream.tsx";
import { Spinner } from "./ui.tsx";

function App() {
  const { entry, state, figures } = useSyncExternalStore(store.subscribe, store.current);
  if (entry === "locked") return <Locked />;
  if (state === null) {
    return (
      <main className="grid min-h-dvh place-items-center">
        <p role="status" className="flex items-center gap-2">
          <Spinner /> Opening…
        </p>
      </main>
    );
  }
  const connection = state.connection;
  const watching = connection?.phase === "streaming" || connection?.phase === "interrupted";
  return (
    <>
      {!state.signed_in ? (
        <SignIn state={state} />
      ) : watching ? (
        <Stream connection={connection} figures={figures} />
      ) : (
        <Hosts state={state} />
      )}
      {state.signed_in && connection !== null && !watching && <ConnectDialog connection={connection} />}
      {entry === "lost" && (
        <p role="alert" className="fixed bottom-4 left-1/2 -translate-x-1/2 rounded-xl border border-bad bg-panel px-4 py-3">
          The nvremote client on this machine does not answer; trying again…
        </p>
      )}
    </>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
void store.start();
