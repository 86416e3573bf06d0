/** How a request is signed in: headers for HTTP, and the same in the frames of a socket. */

/** What AppSync wants signed in a socket's frames. A browser may not send it all: a request has less. */
const CONTENT = {
  accept: "application/json, text/javascript",
  "content-encoding": "amz-1.0",
  "content-type": "application/json; charset=UTF-8",
};

/** Fetched anew so long before they end. */
const MARGIN_MS = 60_000;

export class Signer {
  #kept = new Map();

  constructor(credentials, now) {
    this.credentials = credentials;
    this.now = now;
  }

  /** The headers of a POST to a Region's API; a signature holds for this path and body alone. */
  async headers(region, path, body, content = { "content-type": "application/json" }) {
    const { apiKey, token, sign } = await this.#of(region);
    const url = region.graphqlUrl + path;
    if (sign) return sign({ method: "POST", url, headers: { ...content, host: new URL(url).host }, body });
    return apiKey ? { "x-api-key": apiKey } : { Authorization: token };
  }

  /** The same, for a socket, which wants the host. */
  async frame(region, path, body) {
    return { host: new URL(region.graphqlUrl).host, ...(await this.headers(region, path, body, CONTENT)) };
  }

  forget(region) {
    this.#kept.delete(region.name);
  }

  async #of(region) {
    const kept = this.#kept.get(region.name);
    if (kept && this.now() < kept.expiresAt - MARGIN_MS) return kept;
    const given = await this.credentials(region);
    if (given?.expiresAt) this.#kept.set(region.name, given);
    return given;
  }
}

/** As AppSync takes it among a socket's protocols. */
export function encoded(headers) {
  return `header-${btoa(JSON.stringify(headers)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}
