import { useCallback, useEffect, useRef, useState } from "react";
import { TRIES } from "./connect.tsx";
import { Drawer } from "./details.tsx";
import { bitrate, duration, millis, percent } from "./format.ts";
import { LEFT } from "./hosts.tsx";
import type { Chord } from "./keymap.ts";
import type { Connection, Figures } from "./model.ts";
import { toggleFullscreen, useCapture, useCursor, useLocks, useParts, usePlayer } from "./picture.tsx";
import { parts, quality, rate, type Grade } from "./quality.ts";
import { store } from "./store.ts";
import { Button, FailureBox, Spinner } from "./ui.tsx";
import { troubleWords } from "./words.ts";

const HIDE_AFTER_MS = 3000;
const GRADES: Record<Grade, string> = { Great: "text-good", Good: "text-busy", Poor: "text-bad" };

function Figure({ name, value, colour = "" }: { name: string; value: string; colour?: string }) {
  return (
    <div className="grid">
      <dt className="text-[0.6875rem] text-ink-soft">{name}</dt>
      <dd className={`figures text-sm font-semibold whitespace-nowrap ${colour}`}>{value}</dd>
    </div>
  );
}

function FigureLine({ figures }: { figures: Figures | null }) {
  if (figures === null) {
    return (
      <span role="status" className="flex items-center gap-2 text-sm text-ink-soft">
        <Spinner /> Measuring…
      </span>
    );
  }
  const grade = quality(figures);
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-1" data-figures>
      {grade !== null && <Figure name="Quality" value={grade.grade} colour={GRADES[grade.grade]} />}
      <Figure name="Path" value={figures.path === "DIRECT" ? "Direct" : "Relay"} />
      <Figure name="Latency" value={millis(parts(figures)?.total ?? -1)} />
      <Figure name="Frames" value={rate(figures)} />
      <Figure name="Bit rate" value={bitrate(figures.bits_per_second)} />
      <Figure name="Loss" value={percent(figures.loss_now)} />
      <Figure name="Time" value={duration(figures.duration_ms)} />
    </dl>
  );
}

/** Counts down to when the client stops waiting. */
function Reconnecting({ connection }: { connection: Connection }) {
  const [left, setLeft] = useState(Math.ceil(connection.gives_up_in_ms / 1000));
  useEffect(() => {
    const end = Date.now() + connection.gives_up_in_ms;
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000))), 500);
    return () => clearInterval(timer);
  }, [connection.gives_up_in_ms]);
  return (
    <>
      <p role="status" className="flex items-center gap-3 font-semibold">
        <Spinner /> Reconnecting… <span aria-hidden="true">{left} s</span>
      </p>
      <p className="text-sm text-ink-soft">
        {connection.host_name} does not answer. What you type now is not sent.
      </p>
    </>
  );
}

/** Over the dimmed picture; lets the mouse through to it, so that the keyboard stays there. */
function Notice({ children }: { children: React.ReactNode }) {
  return (
    <div className="pointer-events-none fixed inset-0 grid place-items-center p-4">
      <div className="grid max-w-md gap-2 rounded-2xl border border-line bg-panel px-5 py-4 text-ink shadow-2xl">
        {children}
      </div>
    </div>
  );
}

export function Stream({
  connection,
  figures,
  gone,
}: {
  connection: Connection;
  figures: Figures | null;
  /** The client on this machine does not answer. */
  gone: boolean;
}) {
  const all = useParts(connection.width, connection.height);
  const { stage, writing } = all;
  const toolbar = useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = useState(false);
  const [details, setDetails] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const leave = useCallback(() => {
    sessionStorage.setItem(LEFT, connection.host_id);
    void store.post("/api/disconnect");
  }, [connection.host_id]);
  const chord = useCallback(
    (chosen: Exclude<Chord, null>) => {
      switch (chosen) {
        case "disconnect":
          leave();
          break;
        case "fullscreen":
          void toggleFullscreen();
          break;
        case "figures":
          setDetails((d) => !d);
          setHidden(false);
          break;
        case "release":
          document.exitPointerLock();
          setHidden(false);
          toolbar.current?.querySelector("button")?.focus();
          break;
        case "pointer":
          if (document.pointerLockElement === null) void stage.current?.requestPointerLock();
          else document.exitPointerLock();
          break;
      }
    },
    [leave, stage],
  );
  const listens = connection.phase === "streaming" && !gone;
  const trouble = connection.trouble == null ? null : troubleWords(connection.trouble, connection.host_name);
  usePlayer(all, setProblem);
  useCursor(all);
  useCapture(all, listens, chord);
  useLocks(listens);

  useEffect(() => {
    if (connection.phase === "streaming") sessionStorage.removeItem(TRIES);
  }, [connection.phase]);

  useEffect(() => {
    let timer = setTimeout(() => setHidden(true), HIDE_AFTER_MS);
    const onMove = (e: PointerEvent) => {
      if (e.clientY > 90) return;
      setHidden(false);
      clearTimeout(timer);
      timer = setTimeout(() => setHidden(true), HIDE_AFTER_MS);
    };
    window.addEventListener("pointermove", onMove);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pointermove", onMove);
    };
  }, []);

  return (
    <main className="fixed inset-0 bg-black">
      <h1 className="sr-only">Screen of {connection.host_name}</h1>
      <div
        ref={stage}
        tabIndex={0}
        role="application"
        aria-label={`Screen of ${connection.host_name}. Keys go to the host. Control Alt Shift Z leaves the picture.`}
        className={`absolute inset-0 touch-none outline-none focus-visible:outline-none ${listens ? "" : "opacity-25 grayscale"}`}
      >
        <video ref={all.video} muted playsInline className="size-full object-contain" data-view="video" />
        <canvas ref={all.canvas} hidden className="size-full object-contain" data-view="canvas" />
        <textarea
          ref={writing}
          defaultValue={"\u200b"}
          tabIndex={-1}
          aria-label="Text for the host"
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          className="pointer-events-none absolute bottom-0 left-0 size-px resize-none opacity-0"
        />
        <canvas ref={all.cursor} hidden aria-hidden="true" className="pointer-events-none fixed top-0 left-0" />
      </div>
      <div
        ref={toolbar}
        role="toolbar"
        aria-label="Stream"
        data-hidden={hidden && problem === null && !details && listens}
        // A click on the bar leaves the keyboard where it is: on the picture. Tab and the chord still lead here.
        onPointerDown={(e) => e.preventDefault()}
        onMouseDown={(e) => e.preventDefault()}
        className="stream-bar fixed inset-x-0 top-3 mx-auto w-max max-w-[calc(100vw-1.5rem)] rounded-2xl border border-line bg-panel px-4 py-2.5 text-ink shadow-2xl"
      >
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <span className="max-w-40 truncate text-sm font-bold" title={connection.host_name}>
            {connection.host_name}
          </span>
          {!gone && <FigureLine figures={figures} />}
          <div className="flex flex-wrap gap-2">
            <Button
              className="min-h-8 px-3"
              aria-expanded={details}
              aria-keyshortcuts="Control+Alt+Shift+S"
              onClick={() => setDetails((d) => !d)}
            >
              Stages
            </Button>
            <span className="hidden pointer-coarse:inline">
              <Button className="min-h-8 px-3" onClick={() => writing.current?.focus({ preventScroll: true })}>
                Keyboard
              </Button>
            </span>
            <Button
              className="min-h-8 px-3"
              aria-keyshortcuts="Control+Alt+Shift+X"
              onClick={() => void toggleFullscreen()}
            >
              Full screen
            </Button>
            <Button
              kind="danger"
              className="min-h-8 px-3"
              aria-keyshortcuts="Control+Alt+Shift+Q"
              title="Ctrl+Alt+Shift+Q"
              disabled={gone}
              onClick={leave}
            >
              Disconnect
            </Button>
          </div>
        </div>
      </div>
      {details && !gone && <Drawer connection={connection} figures={figures} onClose={() => setDetails(false)} />}
      {gone ? (
        <Notice>
          <p role="alert" className="font-semibold">
            The nvremote client on this machine has stopped
          </p>
          <p className="text-sm text-ink-soft">
            The picture is old, and nothing you do reaches {connection.host_name}. The host ends the session by itself.
            This page goes on when the client runs again.
          </p>
        </Notice>
      ) : connection.phase === "interrupted" ? (
        <Notice>
          <Reconnecting connection={connection} />
        </Notice>
      ) : (
        trouble !== null && (
          <Notice>
            <p role="status" className="font-semibold">
              {trouble.title}
            </p>
            <p className="text-sm text-ink-soft">{trouble.text}</p>
          </Notice>
        )
      )}
      {problem !== null && (
        <div className="fixed bottom-6 left-1/2 w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2">
          <FailureBox failure={{ code: "PICTURE_FAILED", message: problem, advice: "" }} />
        </div>
      )}
    </main>
  );
}
