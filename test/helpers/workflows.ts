/** Workflows of GitHub, read by GitHub's own parser. */
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
  type WorkflowTemplate,
} from '@actions/workflow-parser';

/** A workflow as GitHub's parser has it, and what the parser says is wrong with it. */
export async function parsed(name: string, content: string) {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value === undefined) return { problems: context.errors.getErrors().map(String), template: undefined };
  const template: WorkflowTemplate = await convertWorkflowTemplate(context, value);
  return { problems: context.errors.getErrors().map(String), template };
}

/** Every step of a workflow, with the shell that runs it. */
export function stepsOf(template: WorkflowTemplate | undefined) {
  const jobs = (template?.jobs ?? []).filter((job) => job.type === 'job');
  return jobs.flatMap((job) =>
    job.steps.map((step) => {
      const onWindows = /windows|matrix\.os/.test(String(job['runs-on']));
      const shell = 'shell' in step && step.shell !== undefined ? String(step.shell) : undefined;
      return { step, shell: shell ?? (onWindows ? 'pwsh' : 'bash') };
    }),
  );
}
