/** Whether the person's keyboard has a Command key. */
export const isMac = /Mac/.test(navigator.userAgent);
/** How the modifier of shortcuts is written here. */
export const modKey = isMac ? '⌘' : 'Ctrl';
