// When a client's subscriptions have started: no client here says so itself. What it does is not changed.
let starts = 0;
const waiting = [];

globalThis.WebSocket = class extends WebSocket {
  constructor(...address) {
    super(...address);
    this.addEventListener("message", (event) => {
      if (JSON.parse(event.data).type !== "start_ack") return;
      starts += 1;
      for (const { number, resolve } of waiting) if (starts >= number) resolve();
    });
  }
};

// Once so many have started, since the program did.
export function started(number) {
  return new Promise((resolve) => {
    if (starts >= number) resolve();
    else waiting.push({ number, resolve });
  });
}
