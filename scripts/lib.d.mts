/** A Python that has boto3: the one on the PATH, or else the system's. */
export function pythonWithBoto3(): string | undefined;
/** The Electron program if it can be started. */
export function electronStarts(): string | undefined;
