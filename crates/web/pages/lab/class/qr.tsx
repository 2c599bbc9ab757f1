// A QR code, dark on white in every theme: not every camera reads it the other way round.

import { encode } from "uqr";

/** The white margin that ISO/IEC 18004 asks for, in modules. */
const MARGIN = 4;

export function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: MARGIN });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`QR code of ${text}`} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join("")} fill="#000" />
    </svg>
  );
}
