import type { Services } from '../../shared/services.ts';

/** Services that let a test act each time before a page is saved: first its intent, then what became of its messages. */
export function beforePageSave(services: Services, act: () => void | Promise<void>): Services {
  const { pages } = services.state;
  const save: typeof pages.save = async (...page) => {
    await act();
    return pages.save(...page);
  };
  return { ...services, state: { ...services.state, pages: { ...pages, save } } };
}
