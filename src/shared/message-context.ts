/** Whether a pair of a file's encryption context is the format's own, which says nothing of the file: the AWS Encryption SDK's, or Coffer's. */
export const isFormatPair = (name: string): boolean => name.startsWith('aws-crypto-') || name.startsWith('coffer:');
