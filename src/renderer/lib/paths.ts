/** `name` inside `folder`, with the separator the folder's path uses. */
export function inNewFolder(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** The folder a path lies in. */
export const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '') || '/';

/** The last part of a path. */
export const baseName = (path: string): string => path.replace(/^.*[\\/]/, '');
