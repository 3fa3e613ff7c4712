import { IconCrown, type IconProps, IconUser, IconUserCog } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';

export type Principal = CallOutput<'people.principals'>['principals'][number];
export type PrincipalKind = Principal['kind'];

export const kindLooks: Readonly<Record<PrincipalKind, { word: string; icon: ComponentType<IconProps> }>> = {
  root: { word: 'Root', icon: IconCrown },
  user: { word: 'User', icon: IconUser },
  role: { word: 'Role', icon: IconUserCog },
};

/** A principal as one says it in the middle of a sentence: `root`, `user ada`, `role reader`. */
export const personWords = ({ kind, name }: Pick<Principal, 'kind' | 'name'>): string =>
  name === null ? kind : `${kind} ${name}`;

/** The name in the serial number of an MFA device: `arn:aws:iam::111122223333:mfa/phone` → `phone`. */
export const deviceName = (serialNumber: string): string => serialNumber.split('/').at(-1) ?? serialNumber;
