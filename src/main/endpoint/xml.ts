/** What the Query protocol of STS needs of XML. */
export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

export const escapeXml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
