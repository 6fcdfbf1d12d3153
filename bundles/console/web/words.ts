/** What happened, in the page's own words: by code, never the sentence of a log. Pure functions. */
import type { Connection, Failure } from "./model.ts";

export interface Words {
  title: string;
  text: string;
}

type Maker = (host: string) => Words;

const BUSY: Maker = (host) => ({
  title: `${host} is in use`,
  text: "It runs as many sessions as it can. Try again when one has ended.",
});
const OFFLINE: Maker = (host) => ({
  title: `${host} is offline`,
  text: "The machine is off, asleep or without a network. Start it, then try again.",
});
const MAINTENANCE: Maker = (host) => ({
  title: `${host} is in maintenance`,
  text: "An administrator took it out of use for now.",
});
const SLOW_HOST: Maker = (host) => ({
  title: `${host} did not answer`,
  text: "It is online but did not take the session in time. Try again in a moment.",
});
const REFUSED: Maker = (host) => ({
  title: `${host} refused the session`,
  text: "Try again in a moment. If it stays, send the details to whoever looks after this machine.",
});
const TOO_MANY: Maker = () => ({
  title: "Too many sessions",
  text: "As many sessions run as your organisation may have. End one, or try again later.",
});

const FAILURES: Record<string, Maker> = {
  CONTROL_PLANE_UNREACHABLE: () => ({
    title: "The control plane does not answer",
    text: "Check your network, then try again.",
  }),
  SIGN_IN_REQUIRED: () => ({ title: "Your sign-in has ended", text: "Sign in again to go on." }),
  SIGN_IN_FAILED: () => ({ title: "You are not signed in yet", text: "The sign-in did not complete. Start it again." }),
  HOST_UNKNOWN: (host) => ({
    title: `${host} is not in your list`,
    text: "It was removed, or you may not use it any more.",
  }),
  SESSION_HOST_UNKNOWN: (host) => ({
    title: `${host} is not in your list`,
    text: "It was removed, or you may not use it any more.",
  }),
  ALREADY_CONNECTED: () => ({ title: "You have a session already", text: "Leave it before you open another." }),
  SESSION_REFUSED: REFUSED,
  SESSION_REJECTED: REFUSED,
  SESSION_FAILED: REFUSED,
  HOST_NOT_READY: SLOW_HOST,
  SESSION_HOST_SILENT: SLOW_HOST,
  SESSION_EXPIRED: SLOW_HOST,
  SESSION_HOST_OFFLINE: OFFLINE,
  SESSION_HOST_BUSY: BUSY,
  DEVICE_FULL: BUSY,
  SESSION_HOST_IN_MAINTENANCE: MAINTENANCE,
  SESSION_TERMINATED: () => ({ title: "The session was ended", text: "Somebody ended it before it began." }),
  SESSION_LIMIT: TOO_MANY,
  RATE_LIMITED: () => ({ title: "Too many tries", text: "Wait a minute, then try again." }),
  NO_GATEWAY: () => ({
    title: "No way to the host",
    text: "No gateway is available. Try again in a moment, or tell whoever runs nvremote here.",
  }),
  TUNNEL_SILENT: (host) => ({
    title: `No connection to ${host}`,
    text: "Your network or the host's may block UDP. Try another network, or ask for UDP to the gateway to be allowed.",
  }),
  NO_PICTURE: (host) => ({
    title: `No picture from ${host}`,
    text: "The connection stands, but the host sent no picture. Try again in a moment.",
  }),
  CONNECTION_LOST: (host) => ({
    title: "Connection lost",
    text: `${host} stopped answering. This page connects again when it is back.`,
  }),
  ROLE_INSUFFICIENT: () => ({
    title: "Your role does not allow this",
    text: "Ask an administrator of the organisation to do it, or to give you the role.",
  }),
  ORG_UNKNOWN: (org) => ({
    title: `${org} is not among your organisations`,
    text: "You were removed from it, or it is gone. Ask its administrators.",
  }),
  CANCELLED: () => ({ title: "Cancelled", text: "You stopped before the picture came." }),
  CLIENT_GONE: () => ({
    title: "The nvremote client on this machine does not answer",
    text: "Start it again, then open the address it prints.",
  }),
  PICTURE_FAILED: () => ({
    title: "This browser can't show the picture",
    text: "Use a current Chromium, Chrome or Edge, or reload the page.",
  }),
  SOURCE_UNAVAILABLE: (host) => ({
    title: `${host} has no screen to show`,
    text: "Its desktop is starting, or nobody is signed in there. The picture comes back by itself.",
  }),
  SOURCE_LOST: (host) => ({
    title: `The screen of ${host} went away`,
    text: "Its desktop restarts. The picture comes back by itself.",
  }),
};

export function failureWords(failure: Failure, host = "The host"): Words {
  return (
    (Object.hasOwn(FAILURES, failure.code) ? FAILURES[failure.code]!(host) : undefined) ?? {
      title: "That did not work",
      text: "Try again in a moment. If it stays, send the details to whoever runs nvremote here.",
    }
  );
}

/** Why no new pictures come. The host's own sentence is written for people, and stands where the page has no words. */
export function troubleWords(trouble: { code: string; sentence: string }, host: string): Words {
  return Object.hasOwn(FAILURES, trouble.code)
    ? FAILURES[trouble.code]!(host)
    : { title: `No new pictures from ${host}`, text: trouble.sentence };
}

/** Why a session is over, by the reasons that control plane, host and client give. */
const REASONS: [RegExp, string][] = [
  [/^(user_disconnect|you disconnected|signed out)$/, "You left, here or in another window."],
  [/\breplaced$/, "You connected to this host anew, here or elsewhere."],
  [/^(admin_force)$|administrator/i, "An administrator ended the session."],
  [/^(host_closed|host_lost_session|the host left.*|the agent stops.*)$/, "The host ended the session."],
  [/^(answer_too_late|unknown_to_control_plane)$/, "The host and the control plane lost track of the session."],
  [/no page/, "No page was open for a while."],
  [/^the client is silent$/, "The host did not hear from this computer for too long."],
  [/^(encoder|no encoder|source).*/, "The host can't make pictures any more."],
  [/right|revoked|removed|disabled/i, "Your access to this host has ended."],
];

export function endWords(reason: string | null): string {
  return REASONS.find(([pattern]) => reason !== null && pattern.test(reason))?.[1] ?? "The session is over.";
}

/** "12 min", "45 s", "2 h 5 min". */
export function spoken(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The heading of a connection that is over. */
export function overTitle(connection: Connection): string {
  const { error, streamed_ms } = connection;
  if (error === null) return "Session ended";
  if (streamed_ms > 0) return `Connection lost after ${spoken(streamed_ms)}`;
  return failureWords(error, connection.host_name).title;
}

/** What no further try changes. */
const FINAL = /^(SIGN_IN_REQUIRED|HOST_UNKNOWN|SESSION_HOST_UNKNOWN|SESSION_HOST_IN_MAINTENANCE|SESSION_TERMINATED|CANCELLED)$/;

/**
 * Whether it is worth trying again without being asked: a session that ran and was cut off.
 *
 * @param tries how often that was tried already
 */
export function comesBack(connection: Connection, tries: number): boolean {
  const { phase, error, streamed_ms } = connection;
  return phase === "failed" && error !== null && !FINAL.test(error.code) && (streamed_ms > 0 || tries > 0);
}
