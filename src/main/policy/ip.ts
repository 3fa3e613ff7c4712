import { BlockList, isIP } from 'node:net';

/** A range of addresses, as CIDR has it. */
export interface IpRange {
  includes(address: string): boolean;
}

/**
 * An IPv4 or IPv6 address or range (RFC 4632, RFC 4291); undefined when the text is neither. An address alone is itself.
 */
export function ipRange(text: string): IpRange | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined;
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, prefix === undefined ? bits : Number(prefix), family);
  return { includes: (other) => isIP(other) === version && list.check(other, family) };
}

export const isIpAddress = (text: string): boolean => isIP(text) !== 0;
