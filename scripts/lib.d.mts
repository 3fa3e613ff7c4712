/** A Python that has boto3: the one on the PATH, or else the system's. */
export function pythonWithBoto3(): string | undefined;
