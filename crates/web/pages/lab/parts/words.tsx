// A sentence of the shop's documentation, in which backticks stand around what is to be read letter by letter.

export function Words({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 ? <code>{part}</code> : part))}</>;
}
