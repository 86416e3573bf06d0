// When a client's first subscription has started: no client here says so itself. What it does is not changed.
export const started = new Promise((resolve) => {
  globalThis.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", (event) => {
        if (JSON.parse(event.data).type === "start_ack") resolve();
      });
    }
  };
});
