// util.time: instants, and java.time.format.DateTimeFormatter's patterns.
// https://docs.aws.amazon.com/appsync/latest/devguide/time-helpers-in-util-time-js.html

{
  const MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ];
  const DAYS = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ];
  const DAY_MS = 86_400_000;

  // -- Zones --------------------------------------------------------------------------------------

  const UTC_NAMES = ["Z", "UTC", "GMT", "UT"];
  const OFFSET = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/;

  const offsetMs = ([, sign, hours, minutes = 0, seconds = 0]) =>
    (sign === "-" ? -1000 : 1000) * (hours * 3600 + minutes * 60 + Number(seconds));

  const fixedZone = (id, offset) => ({ id, at: () => ({ offset, abbreviation: id }) });

  // The engine has no time zones: the host adds a named zone's and runs the handler again.
  const namedZone = (id) => {
    if (!Object.hasOwn(host.zones, id)) {
      throw new host.Exit({ zone: id });
    }
    const periods = host.zones[id];
    if (periods === null) {
      host.fail(`Unknown time-zone ID: ${id}`, "Code");
    }
    const at = (ms) => {
      const [, offset, abbreviation] = periods.findLast(([start]) => start <= ms) ?? periods[0];
      return { offset, abbreviation };
    };
    return { id, at };
  };

  const zoneOf = (id = "UTC") => {
    if (UTC_NAMES.includes(id)) {
      return fixedZone(id, 0);
    }
    const offset = OFFSET.exec(id);
    return offset === null ? namedZone(id) : fixedZone(id, offsetMs(offset));
  };

  const utcOf = (localMs, zone) => {
    const guess = localMs - zone.at(localMs).offset;
    return localMs - zone.at(guess).offset;
  };

  // -- Patterns -----------------------------------------------------------------------------------

  // Quoted text, letters of one kind, brackets, or anything else as it stands.
  const TOKENS = /'((?:[^']|'')*)'|([A-Za-z])\2*|[[\]]|[^A-Za-z'[\]]+/g;

  const tokensOf = (pattern) =>
    [...pattern.matchAll(TOKENS)].map(([text, quoted, letter]) => {
      if (quoted !== undefined) {
        return { literal: quoted.replaceAll(/''/g, "'") || "'" };
      }
      if (letter !== undefined) {
        return { letter, count: text.length };
      }
      return text === "[" || text === "]" ? { bracket: text } : { literal: text };
    });

  const pad = (number, width) => `${number}`.padStart(width, "0");
  const named = (names, index, count) =>
    count === 4 ? names[index] : names[index].slice(0, count === 5 ? 1 : 3);

  const UNITS = { 1: [3600, 60], 2: [3600, 60], 3: [3600, 60], 4: [3600, 60, 1], 5: [3600, 60, 1] };

  // X and x: 1 hours, and minutes if any; 2 and 3 hours and minutes; 4 and 5 seconds too, if any.
  const renderOffset = (offset, count, zero) => {
    if (offset === 0 && zero !== null) {
      return zero;
    }
    const seconds = Math.abs(offset) / 1000;
    const parts = UNITS[count].map((unit) => pad(Math.floor(seconds / unit) % 60, 2));
    const isOptional = (index) => (count === 1 && index === 1) || index === 2;
    const shown = parts.filter((part, index) => !(isOptional(index) && part === "00"));
    return (offset < 0 ? "-" : "+") + shown.join(count === 3 || count === 5 ? ":" : "");
  };

  const plainOffset = (count) => (count === 4 ? 3 : count === 5 ? 5 : 2);

  const gmtOffset = (offset, count) => {
    const text = renderOffset(offset, 5, "");
    return `GMT${count === 1 ? text.replace(/^([+-])0/, "$1").replace(/:00$/, "") : text}`;
  };

  const RENDERERS = {
    y: ({ date }, n) => pad(n === 2 ? date.getUTCFullYear() % 100 : date.getUTCFullYear(), n),
    u: (moment, n) => RENDERERS.y(moment, n),
    M: ({ date }, n) =>
      n > 2 ? named(MONTHS, date.getUTCMonth(), n) : pad(date.getUTCMonth() + 1, n),
    L: (moment, n) => RENDERERS.M(moment, n),
    d: ({ date }, n) => pad(date.getUTCDate(), n),
    D: ({ date }, n) => pad(Math.floor((date - Date.UTC(date.getUTCFullYear())) / DAY_MS) + 1, n),
    E: ({ date }, n) => named(DAYS, date.getUTCDay(), n),
    a: ({ date }) => (date.getUTCHours() < 12 ? "AM" : "PM"),
    H: ({ date }, n) => pad(date.getUTCHours(), n),
    k: ({ date }, n) => pad(date.getUTCHours() || 24, n),
    K: ({ date }, n) => pad(date.getUTCHours() % 12, n),
    h: ({ date }, n) => pad(date.getUTCHours() % 12 || 12, n),
    m: ({ date }, n) => pad(date.getUTCMinutes(), n),
    s: ({ date }, n) => pad(date.getUTCSeconds(), n),
    S: ({ date }, n) => pad(date.getUTCMilliseconds(), 3).padEnd(n, "0").slice(0, n),
    A: ({ date }, n) => pad(date.getTime() - Math.floor(date / DAY_MS) * DAY_MS, n),
    n: ({ date }, n) => pad(date.getUTCMilliseconds() * 1e6, n),
    X: ({ offset }, n) => renderOffset(offset, n, "Z"),
    x: ({ offset }, n) => renderOffset(offset, n, null),
    Z: ({ offset }, n) =>
      n === 4 ? gmtOffset(offset, 4) : renderOffset(offset, plainOffset(n), n === 5 ? "Z" : null),
    O: ({ offset }, n) => gmtOffset(offset, n),
    z: ({ abbreviation }) => abbreviation,
    V: ({ zone }) => zone.id,
  };

  const unknownLetter = (letter) => host.fail(`Unknown pattern letter: ${letter}`, "Code");

  const format = (ms, pattern, zoneId) => {
    const zone = zoneOf(zoneId);
    const { offset, abbreviation } = zone.at(ms);
    const moment = { date: new Date(ms + offset), offset, abbreviation, zone };
    const render = ({ literal = "", letter, count }) => {
      if (letter === undefined) {
        return literal;
      }
      return (RENDERERS[letter] ?? unknownLetter(letter))(moment, count);
    };
    return tokensOf(pattern).map(render).join("");
  };

  // -- Parsing ------------------------------------------------------------------------------------

  const digits = (count) => (count === 1 ? "(\\d+)" : `(\\d{${count}})`);
  const OFFSET_PATTERN = "(Z|[+-]\\d{2}(?::?\\d{2})?(?::?\\d{2})?)";
  const oneOf = (names) => `(${names.map((name) => `${name}|${name.slice(0, 3)}`).join("|")})`;
  const indexOf = (names, text) => names.findIndex((name) => name.slice(0, 3) === text.slice(0, 3));
  const zoneField = (text, found) => {
    found.zone = text;
  };
  const numeric = (field) => [digits, (text, found) => {
    found[field] = Number(text);
  }];
  const century = (text, found, count) => {
    found.year = Number(text) + (count === 2 ? 2000 : 0);
  };
  const month = (text, found, count) => {
    found.month = count > 2 ? indexOf(MONTHS, text) + 1 : Number(text);
  };
  const fraction = (text, found) => {
    found.ms = Math.floor(Number(`0.${text}`) * 1000 + 1e-6);
  };

  // What each letter matches, and what its text means.
  const PARSERS = {
    y: [(n) => (n === 4 ? "(\\d{4,})" : digits(n)), century],
    u: [(n) => (n === 4 ? "(\\d{4,})" : digits(n)), century],
    M: [(n) => (n > 2 ? oneOf(MONTHS) : digits(n)), month],
    L: [(n) => (n > 2 ? oneOf(MONTHS) : digits(n)), month],
    E: [() => oneOf(DAYS), () => undefined],
    d: numeric("day"),
    D: numeric("dayOfYear"),
    H: numeric("hour"),
    k: numeric("hour"),
    K: numeric("halfHour"),
    h: numeric("halfHour"),
    m: numeric("minute"),
    s: numeric("second"),
    S: [digits, fraction],
    a: [() => "([AP]M)", (text, found) => { found.half = text; }],
    X: [() => OFFSET_PATTERN, zoneField],
    x: [() => OFFSET_PATTERN, zoneField],
    Z: [() => OFFSET_PATTERN, zoneField],
    z: [() => "([A-Za-z_/+:\\d-]+)", zoneField],
    V: [() => "([A-Za-z_/+:\\d-]+)", zoneField],
  };

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  const matcherOf = (tokens) => {
    const source = tokens.map(({ literal, bracket, letter, count }) => {
      if (letter !== undefined) {
        return (PARSERS[letter] ?? unknownLetter(letter))[0](count);
      }
      return bracket === undefined ? escaped(literal) : { "[": "(?:", "]": ")?" }[bracket];
    });
    return new RegExp(`^${source.join("")}$`);
  };

  const hourOf = ({ hour, halfHour, half }) =>
    hour === undefined ? ((halfHour ?? 0) % 12) + (half === "PM" ? 12 : 0) : hour % 24;

  const localOf = (found) =>
    Date.UTC(
      found.year ?? 1970,
      found.dayOfYear === undefined ? (found.month ?? 1) - 1 : 0,
      found.dayOfYear ?? found.day ?? 1,
      hourOf(found),
      found.minute ?? 0,
      found.second ?? 0,
      found.ms ?? 0,
    );

  const parse = (text, pattern, zoneId) => {
    const tokens = tokensOf(pattern);
    const match = matcherOf(tokens).exec(text);
    if (match === null) {
      host.fail(`Text '${text}' could not be parsed with '${pattern}'`, "Code");
    }
    const found = {};
    tokens
      .filter(({ letter }) => letter !== undefined)
      .forEach(({ letter, count }, index) => {
        const value = match[index + 1];
        if (value !== undefined) {
          PARSERS[letter][1](value, found, count);
        }
      });
    return utcOf(localOf(found), zoneOf(zoneId ?? found.zone));
  };

  const parseIso = (text) => {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? host.fail(`Text '${text}' could not be parsed`, "Code") : ms;
  };

  host.util.time = {
    nowISO8601: () => new Date(host.state.now).toISOString(),
    nowEpochSeconds: () => Math.floor(host.state.now / 1000),
    nowEpochMilliSeconds: () => host.state.now,
    nowFormatted: (pattern, zone) => format(host.state.now, pattern, zone),
    parseFormattedToEpochMilliSeconds: parse,
    parseISO8601ToEpochMilliSeconds: parseIso,
    epochMilliSecondsToSeconds: (ms) => Math.floor(ms / 1000),
    epochMilliSecondsToISO8601: (ms) => new Date(ms).toISOString(),
    epochMilliSecondsToFormatted: format,
  };
}
