// What the page asks of the console, with the key that stands in its own address after the #.

const key = location.hash.slice(1);

export class Refused extends Error {}

/** Asks the console to do something; resolves to its JSON, and rejects with Refused. */
export async function ask(deed, asked = {}, { signal } = {}) {
  let response;
  try {
    response = await fetch(`/api/${deed}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-antipode-console": key },
      body: JSON.stringify(asked),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("the console does not answer: it may have ended");
  }
  const told = await response.json();
  if (!response.ok) throw new Refused(told.refused);
  return told;
}

const BEAT_MS = 5_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * The socket by which the console tells the page. It comes back by itself, also after a sleep:
 * a beat that is missing ends it.
 *
 * @param {{ opened(): void, told(message: object): void, closed(): void }} hears
 */
export function connect(hears) {
  let socket, timer;
  let failures = 0;

  function open() {
    socket = new WebSocket(`ws://${location.host}/socket`);
    socket.onopen = () => {
      socket.send(JSON.stringify({ key }));
      awaitBeat();
      hears.opened();
    };
    socket.onmessage = (event) => {
      failures = 0;
      awaitBeat();
      hears.told(JSON.parse(event.data));
    };
    socket.onclose = () => {
      clearTimeout(timer);
      hears.closed();
      failures += 1;
      setTimeout(open, Math.random() * Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures));
    };
  }

  function awaitBeat() {
    clearTimeout(timer);
    timer = setTimeout(() => socket.close(), 3 * BEAT_MS);
  }

  open();
  return {
    /** Sends if the socket stands; what is wanted is sent anew with each `opened`. */
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
  };
}
