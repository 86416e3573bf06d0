// util.xml: XML as objects, the way org.json reads it: attributes and child elements are members,
// repeated ones a list, text beside them is `content`, and text that is a number becomes one.
// https://docs.aws.amazon.com/appsync/latest/devguide/xml-helpers-in-utils-xml-js.html

{
  // Groups: CDATA, the name of a closing tag, that of an opening one, its attributes, "/", text.
  const MARKUP = new RegExp(
    [
      /<\?[^]*?\?>|<!--[^]*?-->|<!DOCTYPE[^>]*>/,
      /<!\[CDATA\[([^]*?)\]\]>/,
      /<\/([^\s>]+)\s*>/,
      /<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/,
      /([^<]+)/,
    ]
      .map(({ source }) => source)
      .join("|"),
    "g",
  );
  const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
  const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
  const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
  const WORDS = { true: true, false: false, null: null };

  const entity = (found, name) => {
    if (name[0] !== "#") {
      return ENTITIES[name] ?? found;
    }
    const code = name[1] === "x" ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return String.fromCodePoint(code);
  };
  const unescaped = (text) => text.replace(/&(#?\w+);/g, entity);

  const valueOf = (text) => {
    if (Object.hasOwn(WORDS, text)) {
      return WORDS[text];
    }
    return NUMBER.test(text) ? Number(text) : text;
  };

  const add = (object, name, value) => {
    if (!Object.hasOwn(object, name)) {
      object[name] = value;
    } else if (Array.isArray(object[name])) {
      object[name].push(value);
    } else {
      object[name] = [object[name], value];
    }
  };

  const malformed = (text) => host.fail(`Unable to parse XML: ${text}`, "Code");

  const open = (name, attributes) => {
    const element = { name, members: {}, texts: [] };
    for (const [, key, double, single] of attributes.matchAll(ATTRIBUTE)) {
      add(element.members, key, valueOf(unescaped(double ?? single)));
    }
    return element;
  };

  const contentOf = ({ members, texts }) => {
    for (const text of texts) {
      add(members, "content", valueOf(text));
    }
    const names = Object.keys(members);
    if (names.length === 0) {
      return "";
    }
    return names.length === 1 && names[0] === "content" ? members.content : members;
  };

  const close = (stack, name) => {
    const element = stack.pop();
    if (stack.length === 0 || element.name !== name) {
      malformed(`unexpected </${name}>`);
    }
    add(stack.at(-1).members, name, contentOf(element));
  };

  const toMap = (xml) => {
    const stack = [open("", "")];
    for (const [, cdata, closing, name, attributes, isEmpty, text] of xml.matchAll(MARKUP)) {
      if (name !== undefined) {
        stack.push(open(name, attributes));
      }
      if (closing !== undefined || isEmpty === "/") {
        close(stack, closing ?? name);
      }
      const content = cdata ?? (text === undefined ? "" : unescaped(text).trim());
      if (content !== "") {
        stack.at(-1).texts.push(content);
      }
    }
    if (stack.length !== 1) {
      malformed(`<${stack.at(-1).name}> is not closed`);
    }
    return stack[0].members;
  };

  const toJsonString = (xml, stringEncode = false) => {
    const json = JSON.stringify(toMap(xml));
    return stringEncode ? JSON.stringify(json) : json;
  };

  host.util.xml = { toMap, toJsonString };
}
