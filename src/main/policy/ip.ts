import { isIP } from 'node:net';

/** A range of addresses, as CIDR has it. */
export interface IpRange {
  includes(address: string): boolean;
}

const hextets = (text: string): number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((part) => {
        if (!part.includes('.')) return [Number.parseInt(part, 16)];
        const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
        return [a * 256 + b, c * 256 + d];
      });

/** The groups of an address, 8 bits each of IPv4 and 16 of IPv6; null when the text is none. */
function groupsOf(text: string): readonly number[] | null {
  const version = isIP(text);
  if (version === 4) return text.split('.').map(Number);
  // A zone is of one computer, so no policy can mean it.
  if (version === 0 || text.includes('%')) return null;
  const [head = '', tail] = text.split('::');
  const first = hextets(head);
  if (tail === undefined) return first;
  const last = hextets(tail);
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/**
 * An IPv4 or IPv6 address or range (RFC 4632, RFC 4291); undefined when the text is neither. An address alone is itself.
 */
export function ipRange(text: string): IpRange | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const groups = groupsOf(address);
  if (groups === null || rest.length > 0) return undefined;
  const width = groups.length === 4 ? 8 : 16;
  const bits = prefix === undefined ? width * groups.length : Number(prefix);
  if ((prefix !== undefined && !/^\d{1,3}$/.test(prefix)) || bits > width * groups.length) return undefined;
  const whole = Math.floor(bits / width);
  const shift = width - (bits % width);
  return {
    includes(other) {
      const theirs = groupsOf(other);
      if (theirs?.length !== groups.length) return false;
      for (let i = 0; i < whole; i++) if (theirs[i] !== groups[i]) return false;
      return whole === groups.length || (theirs[whole] as number) >> shift === (groups[whole] as number) >> shift;
    },
  };
}

export const isIpAddress = (text: string): boolean => isIP(text) !== 0;
