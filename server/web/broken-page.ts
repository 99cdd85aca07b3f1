import type { PageModel } from './views.ts';

/** What a reader sees of a fault of ours (500, 503). Made of nothing but words: nothing may be left to fail. */
export const BROKEN_PAGE: PageModel = { title: 'Something broke on our side', noindex: true };
