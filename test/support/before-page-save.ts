import type { Services } from '../../shared/services.ts';
import type { PageRecord } from '../../shared/state/page-record.ts';

/** Services that let a test act each time before a page is saved: first its intent, then what became of its messages. */
export function beforePageSave(
  services: Services,
  act: (page: PageRecord) => void | Promise<void>,
): Services {
  const { pages } = services.state;
  const save: typeof pages.save = async (key, page, version) => {
    await act(page);
    return pages.save(key, page, version);
  };
  return { ...services, state: { ...services.state, pages: { ...pages, save } } };
}
