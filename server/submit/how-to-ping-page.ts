import { type TopicAddresses, topicAddresses } from '../topics/addresses.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import type { PageModel } from '../web/views.ts';
import { type TopicOption, topicNamed, topicOptions } from './topic-options.ts';

export interface HowToPingPage extends PageModel {
  action: string;
  options: TopicOption[];
  /** Of the topic that was chosen; null while none is. */
  addresses: TopicAddresses | null;
  submit: string;
  /** The port that stands in our addresses, because some software never sends to such; null mostly. */
  port: string | null;
  /** A bookmark that opens the form for the page that is being read. */
  bookmarklet: string;
}

/** How to have a post listed, for one topic or for any: with which software, and with none. */
export function howToPingPage(asked: {
  topics: readonly Topic[];
  chosen: string;
  urls: Urls;
}): HowToPingPage {
  const { topics, chosen, urls } = asked;
  const topic = topicNamed(chosen, topics);
  return {
    title: topic ? `How to ping ${topic.title}` : 'How to ping',
    noindex: topic !== null,
    current: 'how-to-ping',
    action: urls.path(urls.howToPing),
    options: topicOptions(topics, chosen),
    addresses: topic && topicAddresses(topic.slug, urls),
    submit: topic ? urls.submitTo(topic.slug) : urls.submit,
    port: new URL(urls.home).port || null,
    bookmarklet: bookmarklet(urls.submit),
  };
}

/** Browsers undo percent escapes before they run it; `void`, or the page would be replaced by the address as text. */
function bookmarklet(form: string): string {
  const quoted = form.replaceAll("'", "\\'");
  return `javascript:${encodeURI(`void(location.href='${quoted}?url='+encodeURIComponent(location.href))`)}`;
}
