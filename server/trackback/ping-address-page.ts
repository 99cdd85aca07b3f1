import { type TopicAddresses, topicAddresses } from '../topics/addresses.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import type { PageModel } from '../web/views.ts';

export interface PingAddressPage extends PageModel {
  topic: string;
  addresses: TopicAddresses;
  /** The form with this topic chosen. */
  submit: string;
}

/** What people see who open a ping address in a browser: that it is none for them, and how to use it. */
export function pingAddressPage({ topic, urls }: { topic: Topic; urls: Urls }): PingAddressPage {
  return {
    title: 'A ping address, not a page',
    noindex: true,
    current: 'how-to-ping',
    topic: topic.title,
    addresses: topicAddresses(topic.slug, urls),
    submit: urls.submitTo(topic.slug),
  };
}
