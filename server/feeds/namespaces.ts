/** Dublin Core's terms: `created` is when the page says it was published; `dc` is its older, smaller sister. */
export const TERMS = 'http://purl.org/dc/terms/';

/** Ours, with one element: `door` is a protocol the post came through. It never changes, or readers lose it. */
export const OURS = 'urn:uuid:b4e5c4c2-f855-4474-9331-9438f2fe67ff';
