import type { Region } from '../../../shared/kms/regions.ts';

const byContinent: Readonly<Record<string, Region>> = {
  Africa: 'af-south-1',
  Asia: 'ap-southeast-1',
  Australia: 'ap-southeast-2',
  Europe: 'eu-central-1',
};

/** A Region to propose, by the clock's time zone. */
export function nearbyRegion(): Region {
  const [continent = ''] = Intl.DateTimeFormat().resolvedOptions().timeZone.split('/');
  return byContinent[continent] ?? 'us-east-1';
}
