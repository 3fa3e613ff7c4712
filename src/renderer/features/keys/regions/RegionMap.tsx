import { Menu, Text, UnstyledButton } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconPlus, IconStarFilled, IconWorld } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { keyStateLooks } from '../../../components/KeyStateBadge.tsx';
import { useRem } from '../../../lib/appearance.ts';
import { refusal } from '../model.ts';
import { land } from './land.ts';
import { bow, isArrow, type MapLayout, mapLayout, neighbour, type Spot } from './map-layout.ts';
import type { Place } from './places.ts';
import classes from './region-map.module.css';
import { type Where, whereIsNamed } from './where.ts';

/** The size of a Region's button, and so the least distance of two. */
const BUTTON_REM = 1.5;
/** A button that was moved less than this from its place needs no line to it. */
const NEAR = 5;

interface Props {
  readonly places: readonly Place[];
  /** The Regions there are. */
  readonly regions: readonly string[];
  /** The Region one looks from. */
  readonly here: string;
  /** Why the key cannot be replicated now, or `null`. */
  readonly says: string | null;
  readonly onOpen: (region: string) => void;
  readonly onMakePrimary: (region: string) => void;
  readonly onReplicate: (region: string) => void;
}

const roleWords = { PRIMARY: 'primary', REPLICA: 'replica' } as const;

const stateWord = ({ state }: Place): string => (state === null ? 'state not shown to you' : keyStateLooks[state].word);

/** The key's Regions on the earth: the table of the same says it in words. Arrow keys go from Region to Region. */
export function RegionMap({ places, regions, here, says, ...acts }: Props) {
  const { ref, width } = useElementSize();
  const hint = useId();
  const rem = useRem();
  const layout = useMemo(() => mapLayout(regions, width, BUTTON_REM * rem), [regions, width, rem]);
  const byRegion = new Map(places.map((place) => [place.region, place]));
  const [reached, setReached] = useState(here);
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const current = layout.spots.some(({ region }) => region === reached) ? reached : layout.spots[0]?.region;

  function onKeyDown(event: KeyboardEvent): void {
    const from = layout.spots.find(({ region }) => region === current);
    if (!from || !isArrow(event.key) || !(event.target instanceof HTMLElement) || event.target.role === 'menuitem')
      return;
    event.preventDefault();
    const to = neighbour(layout.spots, from, event.key);
    if (to) buttons.current.get(to.region)?.focus();
  }
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div
        ref={ref}
        className={classes.map}
        style={{ height: layout.height }}
        role="group"
        aria-label="Map of the Regions"
        aria-describedby={hint}
        onKeyDown={onKeyDown}
      >
        {width > 0 ? (
          <>
            <Earth layout={layout} byRegion={byRegion} />
            {layout.spots.map((spot) => {
              const place = byRegion.get(spot.region);
              const props = {
                spot,
                width,
                reached: spot.region === current,
                onReach: () => setReached(spot.region),
                bind: (button: HTMLButtonElement | null) => {
                  if (button) buttons.current.set(spot.region, button);
                  else buttons.current.delete(spot.region);
                },
              };
              return place ? (
                <Taken key={spot.region} {...props} place={place} here={here} {...acts} />
              ) : (
                <Free key={spot.region} {...props} says={says} onReplicate={acts.onReplicate} />
              );
            })}
          </>
        ) : null}
      </div>
      <ul className={classes.legend} aria-label="What the signs of the map mean">
        <Sign kind="primary" text="Primary">
          <IconStarFilled size={11} aria-hidden />
        </Sign>
        <Sign kind="replica" text="Replica">
          <IconWorld size={13} aria-hidden />
        </Sign>
        <Sign kind="free" text={says === null ? 'Nothing yet: choose it to replicate there' : 'Nothing yet'} />
      </ul>
      <Text id={hint} className="coffer-offscreen">
        The arrow keys go from Region to Region. The table below says the same.
      </Text>
    </div>
  );
}

function Sign({ kind, text, children }: { kind: string; text: string; children?: ReactNode }) {
  return (
    <li>
      <span className={classes.sign} data-kind={kind} aria-hidden>
        {children}
      </span>
      <Text span size="xs" c="dimmed">
        {text}
      </Text>
    </li>
  );
}

/** The land, the ways from the primary key to its replicas, and from each place to its button. */
function Earth({ layout, byRegion }: { layout: MapLayout; byRegion: ReadonlyMap<string, Place> }) {
  const { width, height, cell, spots } = layout;
  const dots = useMemo(() => {
    const round = (value: number) => value.toFixed(1);
    return land
      .flatMap((row, y) =>
        [...row].map((mark, x) => (mark === '#' ? `M${round((x + 0.5) * cell)} ${round((y + 0.5) * cell)}h0` : '')),
      )
      .join('');
  }, [cell]);
  const primary = spots.find(({ region }) => byRegion.get(region)?.role === 'PRIMARY');
  const replicas = spots.filter(({ region }) => byRegion.get(region)?.role === 'REPLICA');
  return (
    <svg width={width} height={height} aria-hidden>
      <path className={classes.land} d={dots} strokeWidth={cell * 0.58} />
      {spots
        .filter(({ at, button }) => Math.hypot(at.x - button.x, at.y - button.y) > NEAR)
        .map(({ region, at, button }) => (
          <g key={region} className={classes.leader}>
            <line x1={at.x} y1={at.y} x2={button.x} y2={button.y} />
            <circle cx={at.x} cy={at.y} r={1.8} />
          </g>
        ))}
      {primary
        ? replicas.map(({ region, button }) => (
            <path
              key={region}
              className={classes.way}
              data-off={byRegion.get(region)?.state !== 'Enabled' || undefined}
              d={bow(primary.button, button)}
            />
          ))
        : null}
    </svg>
  );
}

interface SpotProps {
  readonly spot: Spot;
  readonly width: number;
  readonly reached: boolean;
  readonly onReach: () => void;
  readonly bind: (button: HTMLButtonElement | null) => void;
}

/** On which side of its button a label stands: where it has room. */
function sideOf({ region, button }: Spot, width: number): Where['side'] {
  const wanted = whereIsNamed(region)?.side ?? 'right';
  if (wanted === 'below') return wanted;
  const room = 0.14 * width;
  if (wanted === 'left') return button.x > room ? 'left' : 'right';
  return width - button.x > room ? 'right' : 'left';
}

const nameOf = (region: string): string => `${region}, ${whereIsNamed(region)?.name ?? ''}`;

function Taken({
  spot,
  width,
  reached,
  onReach,
  bind,
  place,
  here,
  onOpen,
  onMakePrimary,
}: SpotProps & { place: Place; here: string } & Pick<Props, 'onOpen' | 'onMakePrimary'>) {
  const { region } = spot;
  const off = place.state === null || place.state === 'Enabled' ? undefined : keyStateLooks[place.state];
  const RoleIcon = place.role === 'PRIMARY' ? IconStarFilled : IconWorld;
  const Icon = off?.icon ?? RoleIcon;
  const refused = place.state === null ? null : refusal('UpdatePrimaryRegion', place.state);
  return (
    <Menu withinPortal position="bottom">
      <Menu.Target>
        <UnstyledButton
          ref={bind}
          className={classes.spot}
          data-kind={roleWords[place.role]}
          data-off={off ? true : undefined}
          style={{ left: spot.button.x, top: spot.button.y }}
          tabIndex={reached ? 0 : -1}
          onFocus={onReach}
          aria-label={`${nameOf(region)}: ${roleWords[place.role]}, ${stateWord(place)}${region === here ? ', you are here' : ''}`}
        >
          <Icon size={place.role === 'PRIMARY' && !off ? 12 : 14} aria-hidden />
          <span className={classes.label} data-side={sideOf(spot, width)} data-shown aria-hidden>
            {region}
            <span>
              {off ? stateWord(place) : region === here ? 'You are here' : (whereIsNamed(region)?.name ?? '')}
            </span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {nameOf(region)}: {roleWords[place.role]}, {stateWord(place)}
        </Menu.Label>
        <Menu.Item disabled={region === here} onClick={() => onOpen(region)}>
          {region === here ? 'You are here' : `Open it in ${region}`}
        </Menu.Item>
        {place.role === 'REPLICA' ? (
          <Menu.Item disabled={refused !== null} onClick={() => onMakePrimary(region)}>
            Make it the primary Region
            {refused === null ? null : (
              <Text size="xs" c="dimmed">
                {refused}
              </Text>
            )}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function Free({
  spot,
  width,
  reached,
  onReach,
  bind,
  says,
  onReplicate,
}: SpotProps & Pick<Props, 'says' | 'onReplicate'>) {
  const { region } = spot;
  const off = says !== null;
  return (
    <UnstyledButton
      ref={bind}
      className={classes.spot}
      data-kind="free"
      style={{ left: spot.button.x, top: spot.button.y }}
      tabIndex={reached ? 0 : -1}
      aria-disabled={off}
      onFocus={onReach}
      onClick={() => {
        if (!off) onReplicate(region);
      }}
      aria-label={`${nameOf(region)}: the key is not here${off ? '' : '. Replicate it there'}`}
    >
      {off ? null : <IconPlus size={13} aria-hidden />}
      <span className={classes.label} data-side={sideOf(spot, width)} aria-hidden>
        {region}
        <span>{whereIsNamed(region)?.name}</span>
      </span>
    </UnstyledButton>
  );
}
