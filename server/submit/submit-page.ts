import type { Topic } from '../topics/topic.ts';
import type { PageModel } from '../web/views.ts';
import type { ShownPreview } from './preview.ts';
import type { Problem } from './problems.ts';
import type { Typed } from './read-form.ts';
import { type TopicOption, topicOptions } from './topic-options.ts';

export interface SubmitPage extends PageModel {
  problems: readonly Problem[];
  typed: string;
  /** The same words at the field. */
  urlProblem: string | null;
  topicProblem: string | null;
  options: TopicOption[];
  preview: ShownPreview | null;
}

/** The form for a post: empty, filled in, with what is wrong with it, or under a preview. */
export function submitPage(shown: {
  typed: Typed;
  /** Null when the store cannot be asked; what was chosen stays chosen. */
  topics: readonly Topic[] | null;
  problems?: readonly Problem[];
  preview?: ShownPreview | null;
}): SubmitPage {
  const { typed, topics, problems = [], preview = null } = shown;
  const at = (field: Problem['field']) => problems.find(problem => problem.field === field)?.words ?? null;
  const front = problems.length > 0 ? 'Error: ' : preview ? 'Preview: ' : '';
  return {
    title: `${front}Submit a post`,
    noindex: front !== '' || typed.url !== '' || typed.topic !== '',
    current: 'submit',
    problems,
    typed: typed.url,
    urlProblem: at('url'),
    topicProblem: at('topic'),
    options: topicOptions(topics, typed.topic),
    preview,
  };
}
