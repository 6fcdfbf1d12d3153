/** The page's addresses: /hosts, /stream/HOST. One entry of the history per place, so that Back does what it says. */
import type { Connection } from "./model.ts";

const DEPTH = "nvremote.depth";
/** Browsers count no further. */
const MOST_ENTRIES = 48;

export function streamPath(connection: Connection): string {
  return `/stream/${encodeURIComponent(connection.host_id)}`;
}

/** What the address is to fit; undefined: nothing is known yet. */
let shown: Connection | null | undefined;
/** Back was asked for, and the browser is not there yet: it goes in its own time, whatever is shown meanwhile. */
let leaving = false;

/** Makes the address fit what is shown. Leaving a stream goes back to the entry it was opened from. */
export function showAddress(watching: Connection | null): void {
  shown = watching;
  if (leaving) return;
  const wanted = watching === null ? "/hosts" : streamPath(watching);
  if (location.pathname === wanted) return;
  if (watching !== null) history.pushState({ opened: true }, "", wanted);
  else if ((history.state as { opened?: boolean } | null)?.opened) {
    leaving = true;
    history.back();
  } else history.replaceState(null, "", wanted);
}

/**
 * Tells of the steps back that a person takes out of the stream that is shown. Steps that the page took itself, and those between
 * places where nothing is shown, only have the address follow what is shown by now.
 *
 * @returns what ends the watch
 */
export function watchHistory(left: () => void): () => void {
  const moved = () => {
    const ours = leaving;
    leaving = false;
    if (shown === undefined) return;
    if (shown === null || ours) showAddress(shown);
    else if (location.pathname !== streamPath(shown)) left();
  };
  window.addEventListener("popstate", moved);
  return () => window.removeEventListener("popstate", moved);
}

/** Goes to the identity provider; remembers where in the history that was. */
export function leaveToSignIn(url: string): void {
  history.pushState(null, "", "/hosts"); // cuts off what is ahead, so that the length says where we are
  sessionStorage.setItem(DEPTH, String(history.length));
  location.replace(url);
}

/**
 * On the way back from the identity provider: returns to the entry that the sign-in was begun from, so that Back never
 * leads to the provider's pages. True if the page goes away.
 */
export function returnFromSignIn(): boolean {
  if (location.pathname !== "/callback") return false;
  history.replaceState(null, "", "/hosts");
  const depth = Number(sessionStorage.getItem(DEPTH));
  sessionStorage.removeItem(DEPTH);
  const steps = history.length - depth + 1;
  if (depth < 2 || steps < 1 || history.length >= MOST_ENTRIES) return false;
  history.go(-steps);
  return true;
}
