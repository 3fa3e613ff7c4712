/** What can have the focus by Tab. */
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';
/** Places in which a neighbour of what went is looked for. */
const AREA = 'main, nav, header, [role="dialog"]';
/** Elements that had the focus last. More of them never lie between what opened a dialog, as a menu, and the dialog's end. */
const REMEMBERED = 8;
/** What closes gives the focus back by itself, a moment later: that goes first. */
const PATIENCE_MS = 60;
/** A button is off while it works, and mostly on again by then. */
const AT_WORK_MS = 600;

interface Step {
  readonly element: WeakRef<Element>;
  /** Its place among its siblings. */
  readonly place: number;
}
/** An element and those it lies in, the innermost first. None of them is kept alive by this, nor what was typed into them. */
type Way = readonly Step[];

function wayOf(target: Element): Way {
  const way: Step[] = [];
  for (let element: Element | null = target; element && element !== document.body; element = element.parentElement)
    way.push({
      element: new WeakRef(element),
      place: element.parentElement ? [...element.parentElement.children].indexOf(element) : 0,
    });
  return way;
}

const takesFocus = (element: Element | undefined): element is HTMLElement =>
  element?.matches(FOCUSABLE) === true && element.checkVisibility({ visibilityProperty: true });

/** What opens its list of choices as soon as it has the focus is for nobody who did not ask for it. */
const takesOver = (element: Element | undefined): element is HTMLElement =>
  takesFocus(element) && !element.matches('input[aria-haspopup="listbox"]');

const firstIn = (element: Element): HTMLElement | undefined =>
  [element, ...element.querySelectorAll(FOCUSABLE)].find(takesOver);

/** What stands in an element where the last of `steps` stood in one of the same kind: the same button of another row. */
function alike(element: Element, steps: Way): HTMLElement | undefined {
  const found = steps.reduceRight<Element | undefined>((at, { place }) => at?.children[place], element);
  return takesOver(found) ? found : undefined;
}

/** What can have the focus among the children of an element, the nearest to a place. */
function nearest(within: Element, place: number, steps: Way): HTMLElement | undefined {
  const children = [...within.children];
  for (const child of [...children.slice(place), ...children.slice(0, place).reverse()]) {
    const found = alike(child, steps) ?? firstIn(child);
    if (found) return found;
  }
  return undefined;
}

/** What takes the focus over from what went, if its place is known. */
function heirOf(way: Way): HTMLElement | undefined {
  const at = way.findIndex(({ element }) => element.deref()?.isConnected);
  const here = way[at]?.element.deref();
  const area = here?.closest(AREA);
  if (!here || !area) return undefined;
  if (at === 0 && takesFocus(here)) return here;
  let level = at;
  // What lies in the area itself went as a whole, with the screen or the step of a dialog: that is read from its beginning.
  for (let element: Element | null = here; element && element !== area && element.parentElement !== area; level++) {
    const found = nearest(element, way[level - 1]?.place ?? 0, way.slice(0, Math.max(0, level - 1)));
    if (found) return found;
    element = element.parentElement;
  }
  return area.matches('[tabindex]') ? (area as HTMLElement) : firstIn(area);
}

/**
 * Gives the focus to the nearest thing when what had it goes: a row that is removed, a dialog, a menu that opened one, a button that is
 * off from now on. Left to the browser it would be nobody's, and who works with the keyboard or hears the page would begin at its top.
 * Returns what stops it.
 */
export function keepFocus(): () => void {
  let ways: readonly Way[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waited = false;
  const isLost = () => document.activeElement === null || document.activeElement === document.body;
  const give = () => {
    timer = undefined;
    if (!isLost()) return;
    const last = ways[0]?.[0]?.element.deref();
    if (last?.isConnected && last.matches(':disabled') && !waited) {
      waited = true;
      timer = setTimeout(give, AT_WORK_MS);
      return;
    }
    const heir = ways.map(heirOf).find((found) => found !== undefined);
    heir?.focus({ preventScroll: true });
    heir?.scrollIntoView({ block: 'nearest' });
  };
  const look = () => {
    if (ways.length === 0 || !isLost() || (timer !== undefined && !waited)) return;
    const last = ways[0]?.[0]?.element.deref();
    if (waited && last?.matches(':disabled')) return;
    clearTimeout(timer);
    timer = setTimeout(give, PATIENCE_MS);
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    // Whatever was lost before, it is somewhere now.
    clearTimeout(timer);
    timer = undefined;
    waited = false;
    if (target instanceof Element) ways = [wayOf(target), ...ways].slice(0, REMEMBERED);
  };
  const onFocusOut = ({ target, relatedTarget }: FocusEvent) => {
    // A button that is off at this moment lost the focus by that, also when its work is over a moment later.
    if (relatedTarget !== null || !(target instanceof Element) || target.matches(':disabled')) return;
    setTimeout(() => {
      // Somebody clicked beside it: it is wanted nowhere.
      if (isLost() && document.hasFocus() && target.isConnected && !target.matches(':disabled')) ways = [];
    });
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  document.addEventListener('focusin', onFocusIn);
  document.addEventListener('focusout', onFocusOut);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener('focusin', onFocusIn);
    document.removeEventListener('focusout', onFocusOut);
  };
}
