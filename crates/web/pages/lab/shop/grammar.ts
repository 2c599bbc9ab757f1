// How does a style say no? By a code that its clients read, and by a message; each style has them elsewhere.

/** The code and the message in a refusal, each where its style has it. */
export function read(style: string, body: string): { code: string; message: string } {
  const found = (code?: RegExp, message?: RegExp) => ({
    code: (code && body.match(code)?.[1]) ?? "",
    message: unescaped((message && body.match(message)?.[1]) ?? ""),
  });
  switch (style) {
    case "soap":
      return found(/<faultcode>(.*?)<\/faultcode>|<(?:\w+:)?Value>(.*?)</, /<faultstring[^>]*>(.*?)<\/faultstring>/);
    case "xmlrpc":
      return found(/faultCode<\/name><value><(?:int|i4)>(-?\d+)</, /faultString<\/name><value>(?:<string>)?(.*?)</);
    case "jsonrpc":
      return found(/"code":\s*(-?\d+)/, /"message":\s*"((?:[^"\\]|\\.)*)"/);
    case "graphql":
      return found(/"code":\s*"(\w+)"/, /"message":\s*"((?:[^"\\]|\\.)*)"/);
    case "rest":
      return found(/"reason":\s*"(\w+)"/, /"detail":\s*"((?:[^"\\]|\\.)*)"/);
    default:
      return found(/"reason":\s*"(\w+)"/, /"message":\s*"((?:[^"\\]|\\.)*)"/);
  }
}

const unescaped = (text: string) =>
  text
    .replaceAll('\\"', '"')
    .replaceAll("\\n", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
