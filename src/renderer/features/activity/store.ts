import { create } from 'zustand';
import { onSessionEnd } from '../../lib/session.ts';

/** The filters, kept while other screens are shown. */
export interface Filters {
  readonly text: string;
  readonly eventName: string | null;
  readonly keyArn: string | null;
  readonly outcome: 'ok' | 'refused' | null;
  /** Milliseconds; both or none. */
  readonly from: number | null;
  readonly to: number | null;
  /** What the window read to draw itself is left out. */
  readonly hideReadings: boolean;
}

const everything: Filters = {
  text: '',
  eventName: null,
  keyArn: null,
  outcome: null,
  from: null,
  to: null,
  hideReadings: true,
};

export const useFilters = create<Filters>()(() => everything);
export const clearFilters = () => useFilters.setState(everything);
onSessionEnd(clearFilters);

/** Whether anything but the window's own readings is left out. */
export const isNarrowed = ({ eventName, keyArn, outcome, text, from }: Filters): boolean =>
  eventName !== null || keyArn !== null || outcome !== null || text !== '' || from !== null;

export const setPeriod = (from: number, to: number) => useFilters.setState({ from, to });
export const clearPeriod = () => useFilters.setState({ from: null, to: null });

/** The trail's filter of LookupEvents and SummarizeEvents. */
export function toQuery(filters: Filters) {
  return {
    ...(filters.text.trim() ? { Text: filters.text.trim() } : {}),
    ...(filters.eventName ? { EventNames: [filters.eventName] } : {}),
    ...(filters.keyArn ? { KeyArn: filters.keyArn } : {}),
    ...(filters.outcome ? { Outcome: filters.outcome } : {}),
    ...(filters.from !== null ? { StartTime: new Date(filters.from) } : {}),
    ...(filters.to !== null ? { EndTime: new Date(filters.to) } : {}),
    ...(filters.hideReadings ? { ExceptWindowReadings: true } : {}),
  };
}

/** The nearest that CloudTrail's own LookupEvents has: it looks for one attribute at a time. */
export function toCloudTrail({ eventName, keyArn, from, to }: Filters) {
  const attribute = keyArn
    ? { AttributeKey: 'ResourceName', AttributeValue: keyArn }
    : eventName
      ? { AttributeKey: 'EventName', AttributeValue: eventName }
      : { AttributeKey: 'EventSource', AttributeValue: 'kms.amazonaws.com' };
  return {
    LookupAttributes: [attribute],
    ...(from !== null ? { StartTime: new Date(from) } : {}),
    ...(to !== null ? { EndTime: new Date(to) } : {}),
  };
}
