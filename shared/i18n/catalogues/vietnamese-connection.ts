import type { ConnectionTexts } from '../catalogue.ts';

export const vietnameseConnection: ConnectionTexts = {
  steps: {
    token: 'Yêu cầu mã thông báo',
    name: 'Tra cứu tên máy chủ',
    tcp: 'Kết nối tới cổng',
    tls: 'Mã hóa và kiểm tra chứng chỉ',
    greeting: 'Lời chào của máy chủ',
    login: 'Đăng nhập',
    capabilities: 'Khả năng của máy chủ',
    namespace: 'Nơi bắt đầu các thư mục',
    folders: 'Đếm thư mục',
    quota: 'Dung lượng hộp thư',
    create: 'Quyền tạo thư mục',
  },
  traits: {
    'changes-by-number': {
      present: 'Cờ đã thay đổi được tìm thấy ngay, không cần xem từng thư.',
      absent: 'Chỉ tìm được cờ đã thay đổi bằng cách xem cờ của mọi thư, việc này ít được thực hiện hơn.',
    },
    'counters-with-list': {
      present: 'Chỉ cần một lần hỏi để biết thư mới trong mọi thư mục.',
      absent: 'Phải hỏi thư mới ở từng thư mục; các câu hỏi được gửi cùng lúc.',
    },
    'folder-roles': {
      present: 'Máy chủ cho biết thư mục nào dành cho thư đã gửi, đã xóa, thư nháp và thư rác.',
      absent: 'Thư mục dành cho thư đã gửi, đã xóa, thư nháp và thư rác được nhận ra theo tên.',
    },
    'messages-in-batches': {
      present: 'Nhiều thư được ghi bằng một lệnh: đây là cách nhanh nhất.',
      absent: 'Thư được ghi từng cái một; nhiều thư được gửi đi cùng lúc.',
    },
    'literals-unasked': {
      present: 'Thư được gửi mà không cần hỏi trước từng thư.',
      absent: 'Máy chủ muốn được hỏi trước mỗi thư, nên càng nhiều kết nối càng có lợi.',
    },
    'uids-told': {
      present: 'Máy chủ cho biết đã đặt mỗi thư ở đâu, nên nhiều kết nối có thể ghi vào cùng một thư mục.',
      absent: 'Máy chủ không cho biết đã đặt thư ở đâu, nên mỗi hộp thư chỉ có một kết nối ghi.',
    },
  },
};
