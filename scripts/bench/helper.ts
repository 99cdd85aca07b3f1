/** Answers one question; what comes back has to pass between processes. */
export type Answers<Question, Answer> = (question: Question) => Promise<Answer>;

/**
 * The other end of `stage.helper`: the first message is the task, every further one a question. The process ends
 * with the bench, however that ends.
 */
export function serveBench<Task, Ready, Question = never, Answer = never>(
  begin: (task: Task) => Promise<{ ready: Ready; answer?: Answers<Question, Answer> }>,
): void {
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
  // The terminal sends it to everyone; the bench ends its helpers itself.
  process.on('SIGINT', () => {});
  process.once('message', async task => {
    const { ready, answer } = await begin(task as Task);
    process.on('message', async question => process.send?.(await answer?.(question as Question)));
    process.send?.(ready);
  });
}
