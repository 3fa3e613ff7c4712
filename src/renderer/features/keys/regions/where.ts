import type { Region } from '../../../../shared/kms/regions.ts';

export interface Where {
  /** What AWS calls the Region's place. */
  readonly name: string;
  /** In degrees, north and east positive: the city or the state, for AWS does not tell more. */
  readonly latitude: number;
  readonly longitude: number;
  /** On which side of it its label covers less of its neighbours. */
  readonly side: 'left' | 'right' | 'below';
}

const at = (name: string, latitude: number, longitude: number, side: Where['side'] = 'right'): Where => ({
  name,
  latitude,
  longitude,
  side,
});

/** Where each Region is. */
export const whereIs: Readonly<Record<Region, Where>> = {
  'us-east-1': at('N. Virginia', 38.9, -77.4),
  'us-east-2': at('Ohio', 40.0, -83.0, 'left'),
  'us-west-1': at('N. California', 37.4, -122.0, 'left'),
  'us-west-2': at('Oregon', 45.8, -119.7, 'left'),
  'ca-central-1': at('Canada', 45.5, -73.6),
  'sa-east-1': at('São Paulo', -23.5, -46.6),
  'eu-central-1': at('Frankfurt', 50.1, 8.7),
  'eu-central-2': at('Zurich', 47.4, 8.5),
  'eu-north-1': at('Stockholm', 59.3, 18.1),
  'eu-south-1': at('Milan', 45.5, 9.2),
  'eu-west-1': at('Ireland', 53.3, -6.3, 'left'),
  'eu-west-2': at('London', 51.5, -0.1, 'left'),
  'eu-west-3': at('Paris', 48.9, 2.4, 'left'),
  'af-south-1': at('Cape Town', -33.9, 18.4),
  'me-central-1': at('UAE', 24.5, 54.4),
  'ap-east-1': at('Hong Kong', 22.3, 114.2),
  'ap-northeast-1': at('Tokyo', 35.7, 139.7, 'below'),
  'ap-northeast-2': at('Seoul', 37.6, 127.0, 'left'),
  'ap-south-1': at('Mumbai', 19.1, 72.9),
  'ap-southeast-1': at('Singapore', 1.35, 103.8),
  'ap-southeast-2': at('Sydney', -33.9, 151.2),
};

/** Where a Region of that name is; undefined for one that the map does not know. */
export const whereIsNamed = (region: string): Where | undefined =>
  Object.hasOwn(whereIs, region) ? whereIs[region as Region] : undefined;
