import { Button, Loader } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Screen } from '../../components/Screen.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { isWithheld } from '../../lib/errors.ts';
import { useRoute } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { keyName, useKeys } from '../keys/index.ts';
import classes from './activity.module.css';
import { FilterBar } from './FilterBar.tsx';
import { Histogram } from './Histogram.tsx';
import { RecordDetail } from './RecordDetail.tsx';
import { clearFilters, clearPeriod, isNarrowed, setPeriod, toCloudTrail, toQuery, useFilters } from './store.ts';
import { TrailActions } from './TrailActions.tsx';
import { TrailList } from './TrailList.tsx';
import { useTrail } from './use-trail.ts';

/** Activity: who did what, when, and the proof of it. */
export function ActivityScreen() {
  const { eventId } = useRoute();
  const region = useSession((session) => session.region);
  const filters = useFilters();
  const query = useMemo(() => toQuery(filters), [filters]);
  const scroll = useRef<HTMLElement>(null);
  const trail = useTrail(query, region, () => (scroll.current?.scrollTop ?? 0) < 40);
  const { summary, lines } = trail;
  const { keys } = useKeys();
  const keyNames = useMemo(() => new Map((keys ?? []).map((key) => [key.Arn, keyName(key)])), [keys]);
  const refused = isWithheld(trail.error);
  const nothing = lines?.total === 0 && !trail.error;
  return (
    <Screen wide fill>
      <PageHeader
        title="Activity"
        description={
          <span className={classes.lead}>Every call is recorded here before it is answered, refused ones too.</span>
        }
        actions={
          <>
            <ShowAs
              compact
              service="cloudtrail"
              operation="LookupEvents"
              input={toCloudTrail(filters)}
              region={region}
            />
            <TrailActions />
          </>
        }
      />
      {refused ? null : (
        <>
          <FilterBar names={summary?.EventNames} />
          <Histogram
            buckets={summary?.Buckets}
            total={summary?.Total ?? 0}
            narrowed={filters.from !== null}
            onPeriod={setPeriod}
            onReset={clearPeriod}
          />
        </>
      )}
      <div className={classes.split} data-detail={eventId !== undefined || undefined}>
        <section
          ref={scroll}
          className={classes.scroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label="Records"
          aria-busy={trail.busy && !trail.error}
        >
          {trail.error ? <ErrorNotice error={trail.error} onRetry={trail.retry} /> : null}
          {nothing ? (
            isNarrowed(filters) ? (
              <EmptyState
                icon={IconActivity}
                title="No record fits"
                action={
                  <Button variant="default" onClick={clearFilters}>
                    Show all records
                  </Button>
                }
              >
                Nothing in the trail is as the filters above ask for.
              </EmptyState>
            ) : (
              <EmptyState icon={IconActivity} title="No record yet">
                Calls of the window, of files and of the command line appear here as they happen.
              </EmptyState>
            )
          ) : lines ? (
            <TrailList
              key={JSON.stringify(query)}
              trail={trail}
              lines={lines}
              scroll={scroll}
              selected={eventId}
              keyNames={keyNames}
            />
          ) : trail.error ? null : (
            <Loader size="sm" m="sm" aria-label="Reading the activity" />
          )}
        </section>
        {eventId !== undefined ? <RecordDetail key={eventId} eventId={eventId} /> : null}
      </div>
    </Screen>
  );
}
