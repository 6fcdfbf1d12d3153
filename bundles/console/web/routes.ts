/** The page's addresses: /hosts, /stream/HOST. One entry of the history per place, so that Back does what it says. */
import type { Connection } from "./model.ts";

const DEPTH = "nvremote.depth";
/** Browsers count no further. */
const MOST_ENTRIES = 48;

export function streamPath(connection: Connection): string {
  return `/stream/${encodeURIComponent(connection.host_id)}`;
}

/** Makes the address fit what is shown. Leaving a stream goes back to the entry it was opened from. */
export function showAddress(watching: Connection | null): void {
  const wanted = watching === null ? "/hosts" : streamPath(watching);
  if (location.pathname === wanted) return;
  if (watching !== null) history.pushState({ opened: true }, "", wanted);
  else if ((history.state as { opened?: boolean } | null)?.opened) history.back();
  else history.replaceState(null, "", wanted);
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
